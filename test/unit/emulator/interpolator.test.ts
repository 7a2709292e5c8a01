import { expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import { LockStep } from '../../support/lock-step';
import { numbersFrom } from '../board/random';
import { halfwords } from './assemble';

const sio = 0xd0000000;
const firsts = [0x80, 0xc0] as const;
const register = {
  ...{ accumulator0: 0x00, accumulator1: 0x04, base0: 0x08, base1: 0x0c, base2: 0x10 },
  ...{ pop0: 0x14, pop1: 0x18, popFull: 0x1c, peek0: 0x20, peek1: 0x24, peekFull: 0x28 },
  ...{ control0: 0x2c, control1: 0x30, add0: 0x34, add1: 0x38, bases: 0x3c },
} as const;
type Name = keyof typeof register;

/** An interpolator by the formulas of the datasheet (2.3.1.6 and 2.3.1.7). */
class Reference {
  private accumulators: [number, number] = [0, 0];
  private bases: [number, number, number] = [0, 0, 0];
  private controls: [number, number] = [0, 0];

  constructor(private readonly number: number) {}

  write(name: Name, value: number): void {
    if (name === 'accumulator0') this.accumulators[0] = value | 0;
    if (name === 'accumulator1') this.accumulators[1] = value | 0;
    if (name === 'base0') this.bases[0] = value | 0;
    if (name === 'base1') this.bases[1] = value | 0;
    if (name === 'base2') this.bases[2] = value | 0;
    if (name === 'add0') this.accumulators[0] = (this.accumulators[0] + value) | 0;
    if (name === 'add1') this.accumulators[1] = (this.accumulators[1] + value) | 0;
    if (name === 'control0') this.controls[0] = value & (this.number === 0 ? 0x3fffff : 0x5fffff);
    if (name === 'control1') this.controls[1] = value & 0x1fffff;
    if (name !== 'bases') return;
    const half = (bits: number, signed: boolean) => (signed ? (bits << 16) >> 16 : bits & 0xffff);
    this.bases[0] = half(value, this.has(this.blends ? 1 : 0, 15));
    this.bases[1] = half(value >>> 16, this.has(1, 15));
  }

  read(name: Name): number {
    const { results, full } = this.results();
    const forced = (lane: 0 | 1) => results[lane] | (((this.controls[lane] >>> 19) & 3) << 28);
    const overflows = [0, 1].map((lane) => this.overflows(lane as 0 | 1));
    const values: Record<Name, number> = {
      ...{ accumulator0: this.accumulators[0], accumulator1: this.accumulators[1] },
      ...{ base0: this.bases[0], base1: this.bases[1], base2: this.bases[2], bases: 0 },
      ...{ pop0: forced(0), pop1: forced(1), popFull: full },
      ...{ peek0: forced(0), peek1: forced(1), peekFull: full },
      ...{ add0: this.shifted(0), add1: this.shifted(1), control1: this.controls[1] },
      control0:
        this.controls[0] |
        (overflows[0] ? 1 << 23 : 0) |
        (overflows[1] ? 1 << 24 : 0) |
        (overflows[0] || overflows[1] ? 1 << 25 : 0),
    };
    if (name.startsWith('pop')) {
      this.accumulators = [results[this.has(0, 17) ? 1 : 0], results[this.has(1, 17) ? 0 : 1]];
    }
    return values[name] | 0;
  }

  private has(lane: 0 | 1, bit: number): boolean {
    return ((this.controls[lane] >>> bit) & 1) === 1;
  }

  private get blends(): boolean {
    return this.has(0, 21);
  }

  private input(lane: 0 | 1): number {
    return this.accumulators[this.has(lane, 16) ? 1 - lane : lane] ?? 0;
  }

  private field(lane: 0 | 1, from: number): number {
    return (this.controls[lane] >>> from) & 31;
  }

  /** Bit by bit, unlike what is tested. */
  private shifted(lane: 0 | 1): number {
    const value = this.input(lane) >>> this.field(lane, 0);
    const [least, most] = [this.field(lane, 5), this.field(lane, 10)];
    let result = 0;
    for (let bit = least; bit <= most; bit++) result |= value & (1 << bit);
    const sign = most >= least && ((value >>> most) & 1) === 1;
    if (this.has(lane, 15) && sign) for (let bit = most; bit < 32; bit++) result |= 1 << bit;
    return result;
  }

  private overflows(lane: 0 | 1): boolean {
    const value = this.input(lane) >>> this.field(lane, 0);
    const most = this.field(lane, 10);
    return most < 31 && value >>> (most + 1) !== 0;
  }

  private results(): { results: [number, number]; full: number } {
    const shifted = [this.shifted(0), this.shifted(1)] as const;
    const lane = (number: 0 | 1) =>
      (this.bases[number] + (this.has(number, 18) ? this.input(number) : shifted[number])) | 0;
    const [base0, base1, base2] = this.bases;
    const seen = (value: number, signed: boolean) => BigInt(signed ? value | 0 : value >>> 0);
    if (this.number === 0 && this.blends) {
      const alpha = shifted[1] & 0xff;
      const signed = this.has(1, 15);
      const distance = BigInt(alpha) * (seen(base1, signed) - seen(base0, signed));
      const mixed = Number(BigInt.asIntN(32, seen(base0, signed) + (distance >> 8n)));
      return { results: [alpha, mixed], full: (base2 + shifted[0]) | 0 };
    }
    const full = (base2 + shifted[0] + shifted[1]) | 0;
    if (this.number === 1 && this.has(0, 22)) {
      const signed = this.has(0, 15);
      const below = seen(shifted[0], signed) < seen(base0, signed);
      const above = seen(shifted[0], signed) > seen(base1, signed);
      return { results: [below ? base0 : above ? base1 : shifted[0], lane(1)], full };
    }
    return { results: [lane(0), lane(1)], full };
  }
}

test.each([0, 1] as const)('interpolator %i of each core is as the datasheet says', (number) => {
  const random = numbersFrom(number + 1);
  const machine = new Machine([], { onOutput: () => undefined, onEvent: () => undefined });
  const buses = machine.cores.map(({ bus }) => bus);
  const references = [new Reference(number), new Reference(number)];
  const names = Object.keys(register) as Name[];
  for (let access = 0; access < 40_000; access++) {
    const name = names[random(names.length)] ?? 'peek0';
    const core = random(2);
    const address = sio + firsts[number] + register[name];
    const [bus, reference] = [buses[core], references[core]];
    if (!bus || !reference) throw new Error('two cores');
    if (random(2) === 0) {
      const value = random(3) === 0 ? random(2 ** 16) : random(2 ** 32);
      bus.store32(address, value);
      reference.write(name, value);
    } else
      expect([access, name, bus.load32(address)]).toEqual([access, name, reference.read(name)]);
  }
});

/** An interpolator of core 0: stores to its registers, and loads from them. */
function interpolator(number: 0 | 1) {
  const machine = new Machine([], { onOutput: () => undefined, onEvent: () => undefined });
  const { bus } = machine.cores[0];
  const addressOf = (name: Name) => sio + firsts[number] + register[name];
  return {
    write: (name: Name, value: number) => bus.store32(addressOf(name), value),
    read: (name: Name) => bus.load32(addressOf(name)),
  };
}

const mask = (lowest: number, highest: number) => (lowest << 5) | (highest << 10);
const [signed, crossInput] = [1 << 15, 1 << 16];

test('one makes addresses from the fields of a word, as the ternary kernel has it', () => {
  const { write, read } = interpolator(0);
  write('control0', mask(3, 9) | crossInput);
  write('control1', 7 | mask(0, 31));
  write('base0', 0x20001000);
  write('accumulator1', (80 << 3) | (1 << 10) | (40 << 17));
  expect([1, 2, 3, 4].map(() => read('pop0') - 0x20001000)).toEqual([640, 8, 320, 0]);
});

test('one divides a word into halves, with a sign where a lane has one, and sums them', () => {
  const { write, read } = interpolator(1);
  write('control0', mask(0, 31));
  write('control1', mask(0, 31) | signed);
  write('accumulator0', -32768);
  for (let times = 0; times < 2; times++) {
    write('bases', (-5 << 16) | 0xfffe);
    read('pop0');
  }
  expect([read('accumulator0'), read('accumulator1')]).toEqual([2 * 0xfffe - 32768, -10]);
});

test('bits are forced on what is read of their lane, and not on what it calculates with', () => {
  const { write, read } = interpolator(0);
  const forceBit29 = 2 << 19;
  write('control0', mask(0, 31) | forceBit29);
  write('control1', mask(0, 31));
  write('accumulator0', 3);
  write('base1', 9);
  expect([read('peek0'), read('peek1')]).toEqual([0x20000003, 9]);
  expect([read('pop0'), read('accumulator0')]).toEqual([0x20000003, 3]);
});

test('translated code uses the registers of its core alone, as interpreted code does', () => {
  const program = halfwords(
    0x6803, // loop: ldr r3, [r0]: the number of the core
    0x6ec4, // ldr r4, [r0, #0x6c]: the divisor
    0x600a, // str r2, [r1]: interpolator 0, accumulator 0
    0x694d, // ldr r5, [r1, #0x14]: pop lane 0
    0x6c8e, // ldr r6, [r1, #0x48]: interpolator 1, base 0
    0x6d4f, // ldr r7, [r1, #0x54]: pop lane 0
    0x634d, // str r5, [r1, #0x34]: add to accumulator 0
    0x18ad, // adds r5, r5, r2
    0x444a, // add r2, r9
    0x608d, // str r5, [r1, #8]: base 0
    0x6605, // str r5, [r0, #0x60]: dividend
    0x6647, // str r7, [r0, #0x64]: divisor
    0x6f05, // ldr r5, [r0, #0x70]: quotient
    0x6f46, // ldr r6, [r0, #0x74]: remainder
    0x9501, // str r5, [sp, #4]
    0x3c01, // subs r4, #1
    0xe7ee, // b loop
  );
  const lockStep = new LockStep([]);
  lockStep.forBoth(({ chip, cores }) => {
    chip.sram.set(program, 0x1000);
    cores.forEach((core, number) => {
      core.reset();
      core.held = false;
      core.registers.set([sio, sio + 0x80, 0x01234567 * (number + 1)]);
      core.registers[9] = 0x9e3779b9;
      core.SP = 0x20003000 + 0x1000 * number;
      core.PC = 0x20001000;
      const shiftBy3Below16 = 3 | (15 << 10);
      core.bus.store32(sio + 0x80 + register.control0, shiftBy3Below16 | (number << 16));
      core.bus.store32(sio + 0xc0 + register.control0, shiftBy3Below16 | (1 << 18));
      core.bus.store32(sio + 0xc0 + register.base0, 4 + number);
    });
  });
  for (let piece = 0; piece < 60; piece++) {
    const [translating, interpreting] = lockStep.run(5003);
    expect(translating).toEqual(interpreting);
  }
  expect(lockStep.events.translating).toEqual([]);
  expect(lockStep.translating.blocks?.translations.regions).toBeGreaterThan(0);
});

test('translated code heeds controls, and uses interpolators, that are others than before', () => {
  const program = halfwords(
    0x600a, // loop: str r2, [r1]: accumulator 0
    0x694b, // ldr r3, [r1, #0x14]: pop lane 0
    0x698c, // ldr r4, [r1, #0x18]: pop lane 1
    0x6a8d, // ldr r5, [r1, #0x28]: peek at the full result
    0x608b, // str r3, [r1, #8]: base 0
    0x634c, // str r4, [r1, #0x34]: add to accumulator 0
    0x638d, // str r5, [r1, #0x38]: add to accumulator 1
    0x18d2, // adds r2, r2, r3
    0x444a, // add r2, r9
    0xe7f5, // b loop
  );
  const random = numbersFrom(5);
  const lockStep = new LockStep([]);
  lockStep.forBoth(({ chip, cores: [core] }) => {
    chip.sram.set(program, 0x1000);
    core.reset();
    core.registers[1] = sio + firsts[0];
    core.registers[9] = 0x9e3779b9;
    core.SP = 0x20003000;
    core.PC = 0x20001000;
  });
  const written = Object.values(register).filter((at) => at <= register.base2);
  for (let piece = 0; piece < 300; piece++) {
    const [translating, interpreting] = lockStep.run(1009);
    expect(translating).toEqual(interpreting);
    const [first, control0, control1] = [firsts[random(2)] ?? 0, random(2 ** 23), random(2 ** 21)];
    const values = written.map(() => random(2 ** 32));
    const address = sio + first;
    lockStep.forBoth(({ cores: [core] }) => {
      if (piece % 3 === 0) core.registers[1] = address;
      core.bus.store32(address + register.control0, control0);
      core.bus.store32(address + register.control1, control1);
      written.forEach((at, index) => core.bus.store32(address + at, values[index] ?? 0));
    });
    // Forget the translation now and then, to make another for the present controls.
    if (piece % 20 === 19) {
      lockStep.forBoth((machine) => {
        const half = machine.cores[0].bus.peek(0x20001000);
        machine.debug.poke(0x20001000, half & 0xff);
      });
    }
  }
  expect(lockStep.events.translating).toEqual([]);
  expect(lockStep.translating.blocks?.translations.regions).toBeGreaterThan(10);
});
