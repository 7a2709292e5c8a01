type Random = (bound: number) => number;

/** A program that changes itself for ever. */
export interface SelfModifyingProgram {
  /** Half-words from the program's address on. */
  code: number[];
  /** Half-words that the program may change, by their index, with their possible values. */
  slots: ReadonlyMap<number, readonly number[]>;
}

/**
 * Arithmetic on r3 to r5, and instructions that are not translated: SEV, CPSIE, a move between high
 * registers.
 */
const instructions = [0x3301, 0x3402, 0x3d03, 0x405c, 0x4325, 0xb26b, 0xbf40, 0xb662, 0xbf00];

/** Second halves of a BL that continues 0 to 3 instructions later. */
const linkHalves = [0xf800, 0xf801, 0xf802, 0xf803];

/** Runs of the body between changes: more than translation needs. */
const rounds = 40;

/**
 * A loop over a random body, after which the program reads the next change from a list at r6: the
 * address to write to, then the half-word. r8 is the end of the list, r9 its begin. One word behind
 * the program is a variable, which the body writes to by r0.
 */
export function selfModifyingProgram(random: Random): SelfModifyingProgram {
  const slots = new Map<number, readonly number[]>();
  const code: number[] = [];
  const anyOf = (choices: readonly number[]): number => choices[random(choices.length)] ?? 0;
  const slot = (choices: readonly number[]): void => {
    slots.set(code.length, choices);
    code.push(anyOf(choices));
  };
  const several = (count: number): void => {
    for (let i = 0; i < count; i++) slot(instructions);
  };

  code.push(0x2700 | rounds); // outer: movs r7, #rounds
  const inner = code.length;
  for (let part = 0; part < 3 + random(6); part++) {
    several(1 + random(6));
    if (random(2) === 0) {
      code.push(0xf000); // bl, whose second half changes
      slot(linkHalves);
      several(3);
    }
    if (random(3) === 0) code.push(0x6003); // str r3, [r0]
    if (random(4) === 0) code.push(0xe000, anyOf(instructions)); // b over one
  }
  code.push(0x3f01, 0xd000, branch(code.length + 2, inner)); // subs r7, #1; beq on; b inner
  code.push(0x6831, 0x88b2, 0x800a); // ldr r1, [r6]; ldrh r2, [r6, #4]; strh r2, [r1]
  // The store may change the instruction right behind it.
  several(2);
  code.push(0x3608, 0x4546, 0xd100, 0x464e); // adds r6, #8; cmp r6, r8; bne on; mov r6, r9
  code.push(branch(code.length, 0)); // b outer
  return { code, slots };
}

/** An unconditional branch, at one index to another. */
function branch(from: number, to: number): number {
  return 0xe000 | ((to - from - 2) & 0x7ff);
}

/** Picks a slot of a program and its new value. */
export function anyChange(
  { slots }: SelfModifyingProgram,
  random: Random,
): { index: number; value: number } {
  const [index, choices] = [...slots][random(slots.size)] ?? [0, []];
  return { index, value: choices[random(choices.length)] ?? 0 };
}
