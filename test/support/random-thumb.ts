/** Whole numbers below a bound. */
type Random = (bound: number) => number;

/** Registers that hold addresses throughout a program; the rest is for everything. */
const [flashBase, sramBase] = [5, 6];
const free = [0, 1, 2, 3, 4, 7] as const;

/** Device registers without side effects on reading: core number, GPIO, timer, SysTick. */
const devices = [0xd0000000, 0xd0000004, 0x40054028, 0xe000e018] as const;

/** A branch back to the start reaches a little over a thousand half-words. */
const leastHalfWords = 600;

const nop = 0xbf00;
const branchOver = (halfWords: number): number => 0xe000 | (halfWords - 1);

/** Place of a random program, and the targets of its address registers. */
export interface Place {
  /** Address of the first instruction, a multiple of 4. */
  code: number;
  /** 1 KB of SRAM. */
  sram: number;
  /** 1 KB of flash. */
  flash: number;
}

/**
 * A program that runs for ever and reaches every kind of instruction: arithmetic on any values,
 * accesses to SRAM, flash and devices, branches, loops, calls, the stack, barriers, interrupt masks
 * and events. Returns its half-words.
 */
export function randomProgram(random: Random, { sram, flash }: Place): number[] {
  const code: number[] = [];
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const any = (): number => pick(free);
  const source = (): number => random(8) << 3;
  const registers = (): number => free.reduce((bits, r) => bits | (random(2) << r), 1 << any());
  const emit = (...halves: readonly number[]): void => void code.push(...halves);
  /** A sum or difference of low registers. */
  const sum = (to = any()): number => 0x1800 | (random(4) << 9) | (random(8) << 6) | source() | to;
  const move = (register: number, value: number): number => 0x2000 | (register << 8) | value;
  const literal = (register: number, value: number): void => {
    if (code.length % 2 === 1) emit(nop);
    emit(0x4800 | (register << 8), branchOver(2), value & 0xffff, value >>> 16);
  };
  const newAddresses = (): void => {
    literal(sramBase, sram + 4 * random(64));
    literal(flashBase, flash + 4 * random(64));
  };

  const kinds: readonly (() => void)[] = [
    () => emit((random(3) << 11) | (random(32) << 6) | source() | any()),
    () => emit(sum()),
    () => emit((0x2000 + (random(4) << 11)) | (any() << 8) | random(256)),
    () => emit(0x4000 | (random(16) << 6) | source() | any()),
    () => {
      const count = any();
      emit(move(count, random(40)), 0x4000 | (pick([2, 3, 4, 7]) << 6) | (count << 3) | any());
    },
    // High registers: add and move to and from r8 to r12, compare.
    () => emit(pick([0x4480, 0x4680]) | source() | random(5)),
    () => emit(pick([0x4440, 0x4640]) | (random(5) << 3) | any()),
    () => emit(0x4580 | source() | random(5)),
    () => emit(0xb200 | (random(4) << 6) | source() | any()),
    () => emit(0xba00 | (pick([0, 1, 3]) << 6) | source() | any()),
    // Loads and stores with a constant, in SRAM and in flash, then with an index.
    () => {
      const operation = pick([0x6000, 0x6800, 0x7000, 0x7800, 0x8000, 0x8800]);
      emit(operation | (random(32) << 6) | (sramBase << 3) | any());
    },
    () => emit(pick([0x6800, 0x7800, 0x8800]) | (random(32) << 6) | (flashBase << 3) | any()),
    () => {
      const [index, operation] = [any(), random(8)];
      const base = operation < 3 ? sramBase : pick([sramBase, flashBase]);
      emit(move(index, random(64) << 2));
      emit(0x5000 | (operation << 9) | (index << 6) | (base << 3) | any());
    },
    () => emit(pick([0x9000, 0x9800]) | (any() << 8) | random(32)),
    () => emit(0xa000 | (random(2) << 11) | (any() << 8) | random(32)),
    () => {
      const pushed = registers();
      emit(0xb400 | pushed, sum(), 0xbc00 | pushed);
    },
    () => emit(0xb084, 0xb004),
    () => {
      const [base, from] = [any(), pick([sramBase, sramBase, flashBase])];
      const stores = from === sramBase && random(2) === 0;
      // The stored value of a base that is in the list but not first is undefined.
      const list = stores ? registers() & ~(1 << base) || 1 << sramBase : registers();
      emit(0x1c00 | (from << 3) | base, (stores ? 0xc000 : 0xc800) | (base << 8) | list);
    },
    () => {
      const base = any();
      literal(base, pick(devices));
      emit(0x6800 | (base << 3) | any());
    },
    // Branches over a few instructions, a counted loop, calls.
    () => emit(0xd000 | (random(14) << 8) | (1 + random(3)), nop, sum(), sum(), sum()),
    () => emit(branchOver(2), nop, sum()),
    () => {
      const body = Array.from({ length: 1 + random(8) }, () => sum(random(4)));
      emit(move(7, 1 + random(60)), ...body, 0x3f01, 0xd100 | (-(body.length + 3) & 0xff));
    },
    () => emit(0xf000, 0xf801, branchOver(2), sum(), 0x4770),
    () => emit(0xf000, 0xf801, branchOver(3), 0xb500, sum(), 0xbd00),
    // Barriers, interrupt masks, events, special registers.
    () => emit(0xf3bf, pick([0x8f4f, 0x8f5f, 0x8f6f])),
    () => emit(pick([0xb672, 0xb662, 0xb662])),
    () => emit(pick([0xbf40, nop, 0xbf10, 0xbf20])),
    () => emit(0xf380 | any(), 0x8810, 0xb662),
    () => emit(0xf3ef, 0x8000 | (any() << 8) | pick([0, 5, 16, 20])),
  ];

  newAddresses();
  while (code.length < leastHalfWords) {
    if (random(25) === 0) newAddresses();
    pick(kinds)();
  }
  emit(0xe000 | (-(code.length + 2) & 0x7ff));
  return code;
}

/** A handler of an interrupt that counts itself at an address. */
export function countingHandler(counter: number): number[] {
  // ldr r0, [pc, #8]; ldr r1, [r0]; adds r1, #1; str r1, [r0]; bx lr; nop; .word counter
  return [0x4802, 0x6801, 0x3101, 0x6001, 0x4770, nop, counter & 0xffff, counter >>> 16];
}
