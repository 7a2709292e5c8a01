/** Offsets of an interpolator's registers (RP2040 datasheet 2.3.1.7, "List of Registers"). */
const register = {
  accumulator0: 0x00,
  accumulator1: 0x04,
  base0: 0x08,
  base1: 0x0c,
  base2: 0x10,
  popLane0: 0x14,
  popLane1: 0x18,
  popFull: 0x1c,
  peekLane0: 0x20,
  peekLane1: 0x24,
  peekFull: 0x28,
  controlLane0: 0x2c,
  controlLane1: 0x30,
  addToAccumulator0: 0x34,
  addToAccumulator1: 0x38,
  bases1And0: 0x3c,
} as const;

/** Bits of a control register. */
const control = {
  signed: 1 << 15,
  crossInput: 1 << 16,
  crossResult: 1 << 17,
  addRaw: 1 << 18,
  blend: 1 << 21,
  clamp: 1 << 22,
  overflowLane0: 1 << 23,
  overflowLane1: 1 << 24,
  overflow: 1 << 25,
} as const;
const overflowBits = control.overflowLane0 | control.overflowLane1 | control.overflow;
const writableBits = 0x01ffffff & ~overflowBits;

/** A control register in parts that the arithmetic takes. */
class Lane {
  value = 0;
  shift = 0;
  /** Bits up to the highest that the mask lets through. */
  upTo = 1;
  mask = 1;
  /** Shifts that extend the sign of a masked value; 0 unless the lane is signed. */
  extend = 0;
  /** What the bus reads in bits 28 and 29 beside the result. */
  forced = 0;
  crossInput = false;
  crossResult = false;
  addRaw = false;
  signed = false;

  set(value: number, kept: number): void {
    this.value = value & kept;
    this.shift = value & 31;
    const lowest = (value >>> 5) & 31;
    const highest = (value >>> 10) & 31;
    this.upTo = highest === 31 ? -1 : (1 << (highest + 1)) - 1;
    this.mask = this.upTo & ~((1 << lowest) - 1);
    this.signed = (value & control.signed) !== 0;
    this.extend = this.signed ? 31 - highest : 0;
    this.crossInput = (value & control.crossInput) !== 0;
    this.crossResult = (value & control.crossResult) !== 0;
    this.addRaw = (value & control.addRaw) !== 0;
    this.forced = ((value >>> 19) & 3) << 28;
  }

  /** The input, shifted and masked. */
  masked(input: number): number {
    const { extend } = this;
    return (((input >>> this.shift) & this.mask) << extend) >> extend;
  }

  overflows(input: number): boolean {
    return ((input >>> this.shift) & ~this.upTo) !== 0;
  }
}

/**
 * An interpolator of a core: two lanes shift, mask and add (datasheet 2.3.1.6). Programs read one
 * every few cycles, so results are calculated when something reads them, and numbers are int32.
 */
export class Interpolator {
  private accumulator0 = 0;
  private accumulator1 = 0;
  private base0 = 0;
  private base1 = 0;
  private base2 = 0;
  private readonly lane0 = new Lane();
  private readonly lane1 = new Lane();
  private blends = false;
  private clamps = false;
  /** Results are nothing but sums, and each lane's becomes its own accumulator. */
  private onlyAdds = true;

  /** @param mode what this one does beside adding: the first of a core blends, the second clamps */
  constructor(private readonly mode: 'blend' | 'clamp') {}

  read(offset: number): number {
    // What kernels read in their loops; small, so that V8 puts it where it is called.
    if (offset === register.popLane0) return this.pop() | this.lane0.forced;
    return this.readOther(offset);
  }

  write(offset: number, value: number): void {
    if (offset === register.accumulator1) this.accumulator1 = value | 0;
    else this.writeOther(offset, value);
  }

  private readOther(offset: number): number {
    switch (offset) {
      case register.accumulator0:
        return this.accumulator0;
      case register.accumulator1:
        return this.accumulator1;
      case register.base0:
        return this.base0;
      case register.base1:
        return this.base1;
      case register.base2:
        return this.base2;
      case register.popLane1: {
        const result = this.result1();
        this.pop();
        return result | this.lane0.forced;
      }
      case register.popFull: {
        const result = this.full();
        this.pop();
        return result;
      }
      case register.peekLane0:
        return this.result0() | this.lane0.forced;
      case register.peekLane1:
        return this.result1() | this.lane0.forced;
      case register.peekFull:
        return this.full();
      case register.controlLane0:
        return this.lane0.value | this.overflow();
      case register.controlLane1:
        return this.lane1.value;
      case register.addToAccumulator0:
        return this.lane0.masked(this.input0());
      case register.addToAccumulator1:
        return this.lane1.masked(this.input1());
      default:
        return 0;
    }
  }

  private writeOther(offset: number, value: number): void {
    switch (offset) {
      case register.accumulator0:
        this.accumulator0 = value | 0;
        break;
      case register.base0:
        this.base0 = value | 0;
        break;
      case register.base1:
        this.base1 = value | 0;
        break;
      case register.base2:
        this.base2 = value | 0;
        break;
      case register.controlLane0:
        this.setControl(value);
        break;
      case register.controlLane1:
        this.lane1.set(value, writableBits & ~(control.blend | control.clamp));
        this.noteMode();
        break;
      case register.addToAccumulator0:
        this.accumulator0 = (this.accumulator0 + value) | 0;
        break;
      case register.addToAccumulator1:
        this.accumulator1 = (this.accumulator1 + value) | 0;
        break;
      case register.bases1And0:
        this.setBases(value);
        break;
    }
  }

  private setControl(value: number): void {
    const mode = this.mode === 'blend' ? control.blend : control.clamp;
    this.lane0.set(value, (writableBits & ~(control.blend | control.clamp)) | mode);
    this.blends = (this.lane0.value & control.blend) !== 0;
    this.clamps = (this.lane0.value & control.clamp) !== 0;
    this.noteMode();
  }

  private noteMode(): void {
    const others = control.addRaw | control.crossResult;
    const isUsual = ((this.lane0.value | this.lane1.value) & others) === 0;
    this.onlyAdds = isUsual && !this.blends && !this.clamps;
  }

  private setBases(value: number): void {
    // When the first lane blends, the sign of the second decides for both.
    const signed = this.blends ? this.lane1.signed : this.lane0.signed;
    this.base0 = signed ? (value << 16) >> 16 : value & 0xffff;
    this.base1 = this.lane1.signed ? value >> 16 : value >>> 16;
  }

  private input0(): number {
    return this.lane0.crossInput ? this.accumulator1 : this.accumulator0;
  }

  private input1(): number {
    return this.lane1.crossInput ? this.accumulator0 : this.accumulator1;
  }

  private result0(): number {
    const { lane0 } = this;
    if (this.blends) return this.alpha();
    const input = this.input0();
    if (this.clamps) return this.clamped(lane0.masked(input));
    return (this.base0 + (lane0.addRaw ? input : lane0.masked(input))) | 0;
  }

  private result1(): number {
    const { lane1 } = this;
    if (this.blends) return this.blended();
    const input = this.input1();
    return (this.base1 + (lane1.addRaw ? input : lane1.masked(input))) | 0;
  }

  private full(): number {
    const first = this.base2 + this.lane0.masked(this.input0());
    return (this.blends ? first : first + this.lane1.masked(this.input1())) | 0;
  }

  /** The result of lane 0; both results become the accumulators. */
  private pop(): number {
    return this.onlyAdds ? this.popSums() : this.popAny();
  }

  private popAny(): number {
    const result0 = this.result0();
    const result1 = this.result1();
    this.accumulator0 = this.lane0.crossResult ? result1 : result0;
    this.accumulator1 = this.lane1.crossResult ? result0 : result1;
    return result0;
  }

  private popSums(): number {
    const { lane0, lane1, accumulator0, accumulator1 } = this;
    const input0 = lane0.crossInput ? accumulator1 : accumulator0;
    const input1 = lane1.crossInput ? accumulator0 : accumulator1;
    const sum0 = (this.base0 + lane0.masked(input0)) | 0;
    this.accumulator0 = sum0;
    this.accumulator1 = (this.base1 + lane1.masked(input1)) | 0;
    return sum0;
  }

  private alpha(): number {
    return this.lane1.masked(this.input1()) & 0xff;
  }

  /** From base 0 to base 1, as far as the fraction in the second lane says. */
  private blended(): number {
    const { base0, base1, lane1 } = this;
    const distance = lane1.signed ? base1 - base0 : (base1 >>> 0) - (base0 >>> 0);
    return (base0 + Math.floor((this.alpha() * distance) / 256)) | 0;
  }

  private clamped(value: number): number {
    const { base0, base1 } = this;
    if (this.lane0.signed) return value < base0 ? base0 : value > base1 ? base1 : value;
    if (value >>> 0 < base0 >>> 0) return base0;
    return value >>> 0 > base1 >>> 0 ? base1 : value;
  }

  private overflow(): number {
    const first = this.lane0.overflows(this.input0());
    const second = this.lane1.overflows(this.input1());
    return (
      (first ? control.overflowLane0 : 0) |
      (second ? control.overflowLane1 : 0) |
      (first || second ? control.overflow : 0)
    );
  }
}
