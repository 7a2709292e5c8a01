/** Reads little-endian values one after another. */
export class ByteReader {
  offset = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.view.byteLength - this.offset;
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1));
  }

  float32(): number {
    return this.view.getFloat32(this.advance(4), true);
  }

  floats(count: number): Float32Array {
    const start = this.advance(4 * count);
    return Float32Array.from({ length: count }, (_, i) =>
      this.view.getFloat32(start + 4 * i, true),
    );
  }

  int8s(count: number): Int8Array {
    const start = this.advance(count);
    return Int8Array.from({ length: count }, (_, i) => this.view.getInt8(start + i));
  }

  bytes(count: number): Uint8Array {
    const start = this.advance(count);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + start, count);
  }

  skip(count: number): void {
    this.advance(count);
  }

  private advance(count: number): number {
    const start = this.offset;
    this.offset += count;
    return start;
  }
}
