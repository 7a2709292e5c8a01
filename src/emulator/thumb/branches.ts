import type { Core } from './core';
import { highSource, lr, pc, type Encoding, type Instruction } from './instruction';

/** Conditions of the architecture by their number; the odd ones negate. */
const conditions: readonly ((core: Core) => boolean)[] = [
  (core) => core.Z,
  (core) => !core.Z,
  (core) => core.C,
  (core) => !core.C,
  (core) => core.N,
  (core) => !core.N,
  (core) => core.V,
  (core) => !core.V,
  (core) => core.C && !core.Z,
  (core) => !core.C || core.Z,
  (core) => core.N === core.V,
  (core) => core.N !== core.V,
  (core) => !core.Z && core.N === core.V,
  (core) => core.Z || core.N !== core.V,
];

function branchIf(condition: (core: Core) => boolean): Instruction {
  return (core, opcode) => {
    if (!condition(core)) return 1;
    core.set(pc, core.pcOperand + ((opcode << 24) >> 23));
    return 2;
  };
}

const branch: Instruction = (core, opcode) => {
  core.set(pc, core.pcOperand + ((opcode << 21) >> 20));
  return 2;
};

const branchToRegister: Instruction = (core, opcode) => {
  core.BXWritePC(core.get(highSource(opcode)));
  return 2;
};

const callRegister: Instruction = (core, opcode) => {
  const target = core.get(highSource(opcode));
  core.set(lr, core.get(pc) | 1);
  core.branchExchange(target);
  return 2;
};

/** Where BL leads from the instruction behind it; its two halves hold an offset of 25 bits. */
export function callTarget(next: number, first: number, second: number): number {
  const sign = (first >>> 10) & 1;
  const j1 = (second >>> 13) & 1;
  const j2 = (second >>> 11) & 1;
  const high = (sign << 24) | ((~(j1 ^ sign) & 1) << 23) | ((~(j2 ^ sign) & 1) << 22);
  const offset = high | ((first & 0x3ff) << 12) | ((second & 0x7ff) << 1);
  return next + ((offset << 7) >> 7);
}

/** BL. Returns its cycles. */
export function call(core: Core, first: number, second: number): number {
  const next = core.get(pc);
  core.set(lr, next | 1);
  core.set(pc, callTarget(next, first, second));
  return 3;
}

export const branches: readonly Encoding[] = [
  ['010001110mmmm000', branchToRegister],
  ['010001111mmmm000', callRegister],
  ...conditions.map((condition, number): Encoding => {
    return [`1101${number.toString(2).padStart(4, '0')}iiiiiiii`, branchIf(condition)];
  }),
  ['11100iiiiiiiiiii', branch],
];
