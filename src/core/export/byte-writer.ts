/** Writes little-endian numbers one after another into bytes that exist already. */
export class ByteWriter {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private next = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Negative values as two's complement. */
  put16(value: number): void {
    this.view.setInt16(this.next, value, true);
    this.next += 2;
  }

  put32(value: number): void {
    this.view.setInt32(this.next, value, true);
    this.next += 4;
  }

  putBytes(values: Uint8Array): void {
    this.bytes.set(values, this.next);
    this.next += values.length;
  }
}
