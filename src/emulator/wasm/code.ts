import { op, valueType, type Op } from './opcodes';

const firstCapacity = 1024;

/** Bytes of WebAssembly, written one after the other. Numbers are LEB128, in groups of 7 bits. */
export class Code {
  private buffer = new Uint8Array(firstCapacity);
  private count = 0;
  /** Constructs (blocks, loops and ifs) that are open. */
  depth = 0;
  /** Where the last instruction stands if it was `local.set`, and its local. */
  private lastSet = { at: -1, local: -1 };

  get length(): number {
    return this.count;
  }

  /** The bytes so far; they change when more are written. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.count);
  }

  byte(value: number): void {
    if (this.count === this.buffer.length) this.grow(this.count + 1);
    this.buffer[this.count++] = value;
  }

  append(bytes: Uint8Array): void {
    if (this.count + bytes.length > this.buffer.length) this.grow(this.count + bytes.length);
    this.buffer.set(bytes, this.count);
    this.count += bytes.length;
    this.lastSet.at = -1;
  }

  /** An unsigned number of up to 32 bits. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  /** A number of 32 bits with sign. */
  signed(value: number): void {
    let rest = value | 0;
    for (; rest < -0x40 || rest > 0x3f; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest & 0x7f);
  }

  op(...codes: readonly Op[]): void {
    for (const code of codes) this.byte(code);
  }

  constant(value: number): void {
    this.byte(op.i32_const);
    this.signed(value);
  }

  /** A constant of type f64. */
  double(value: number): void {
    this.byte(op.f64_const);
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, value, true);
    for (let at = 0; at < 8; at++) this.byte(bytes.getUint8(at));
  }

  get(local: number): void {
    const { lastSet } = this;
    // What has just been set is still at hand.
    if (lastSet.at >= 0 && lastSet.local === local && this.endOf(lastSet) === this.count) {
      this.buffer[lastSet.at] = op.local_tee;
      lastSet.at = -1;
      return;
    }
    this.byte(op.local_get);
    this.unsigned(local);
  }

  set(local: number): void {
    this.lastSet = { at: this.count, local };
    this.byte(op.local_set);
    this.unsigned(local);
  }

  tee(local: number): void {
    this.byte(op.local_tee);
    this.unsigned(local);
  }

  /** A load or store of `2 ** log2Bytes` bytes at `offset` from the address on the stack. */
  access(code: Op, log2Bytes: number, offset = 0): void {
    this.byte(code);
    this.unsigned(log2Bytes);
    this.unsigned(offset);
  }

  /** Opens a construct; an `if` takes its condition from the stack. */
  open(code: typeof op.block | typeof op.loop | typeof op.if): void {
    this.byte(code);
    this.byte(valueType.empty);
    this.depth++;
    this.lastSet.at = -1;
  }

  else(): void {
    this.byte(op.else);
    this.lastSet.at = -1;
  }

  /** Closes the innermost construct. */
  close(): void {
    this.byte(op.end);
    this.depth--;
    this.lastSet.at = -1;
  }

  call(index: number): void {
    this.byte(op.call);
    this.unsigned(index);
  }

  branch(code: typeof op.br | typeof op.br_if, depth: number): void {
    this.byte(code);
    this.unsigned(depth);
  }

  /** Jumps to the construct of a number on the stack, counted outwards; the last is the default. */
  branchTable(depths: readonly number[]): void {
    this.byte(op.br_table);
    this.unsigned(depths.length - 1);
    for (const depth of depths) this.unsigned(depth);
  }

  /** Leaves room for a number that is not known yet; returns where. */
  reserve(): number {
    const at = this.count;
    for (let i = 0; i < reservedBytes; i++) this.byte(0);
    return at;
  }

  /** Fills reserved room with a number below 2 ** 20, which reads alike with and without sign. */
  fill(at: number, value: number): void {
    this.buffer[at] = (value & 0x7f) | 0x80;
    this.buffer[at + 1] = ((value >>> 7) & 0x7f) | 0x80;
    this.buffer[at + 2] = value >>> 14;
  }

  private endOf({ at, local }: { at: number; local: number }): number {
    return at + (local < 0x80 ? 2 : 3);
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.buffer.length));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

const reservedBytes = 3;
