import { callTarget } from '../thumb/branches';
import { highSource, lr, pc } from '../thumb/instruction';
import type { BlockWriter, FlagExpressions } from './block-writer';
import type { Translation } from './translation';

/** Conditions of the architecture by their number, as expressions of the flags. */
const conditions: readonly ((flags: FlagExpressions) => string)[] = [
  ({ Z }) => `(${Z})`,
  ({ Z }) => `!(${Z})`,
  ({ C }) => `(${C})`,
  ({ C }) => `!(${C})`,
  ({ N }) => `(${N})`,
  ({ N }) => `!(${N})`,
  ({ V }) => `(${V})`,
  ({ V }) => `!(${V})`,
  ({ C, Z }) => `((${C})&&!(${Z}))`,
  ({ C, Z }) => `(!(${C})||(${Z}))`,
  ({ N, V }) => `((${N})===(${V}))`,
  ({ N, V }) => `((${N})!==(${V}))`,
  ({ Z, N, V }) => `(!(${Z})&&(${N})===(${V}))`,
  ({ Z, N, V }) => `((${Z})||(${N})!==(${V}))`,
];

function branchIf(condition: (flags: FlagExpressions) => string): Translation {
  return (writer, opcode) => {
    const target = writer.address + 4 + ((opcode << 24) >> 23);
    // One to the next instruction is no arrival there; nobody writes it but for its cycle.
    if (target === writer.address + 2) return false;
    writer.fetch();
    writer.emit(`if(${condition(writer.flags)})${writer.branchTo(target, 2)}`);
    writer.spend(1);
  };
}

const branch: Translation = (writer, opcode) => {
  const target = writer.address + 4 + ((opcode << 21) >> 20);
  writer.fetch();
  // A branch to the next instruction only takes time; the pico-sdk waits for the divider with four.
  if (target === writer.address + 2) return writer.spend(2);
  writer.emit(writer.branchTo(target, 2));
  writer.ended = true;
};

const branchToRegister: Translation = (writer, opcode) => {
  if (highSource(opcode) === pc) return false;
  const target = writer.read(highSource(opcode));
  // A return from an exception, or a jump to what is not Thumb.
  writer.emit(`if(${target}>>>28===15||(${target}&1)===0)${writer.leaveBefore()}`);
  writer.fetch();
  writer.emit(writer.branchBack(`${target}&~1`, 2));
  writer.ended = true;
};

const callRegister: Translation = (writer, opcode) => {
  if (highSource(opcode) === pc) return false;
  const target = writer.define(writer.read(highSource(opcode)));
  writer.emit(`if((${target}&1)===0)${writer.leaveBefore()}`);
  writer.fetch();
  writer.write(lr, String((writer.address + 2) | 1));
  writer.emit(writer.branch(`${target}&~1`, 2));
  writer.returnsTo(writer.address + 2);
  writer.ended = true;
};

/** BL, of which both halves are at hand. */
export function translateCall(writer: BlockWriter, first: number, second: number): void {
  const next = writer.address + 4;
  writer.fetch();
  writer.fetch(writer.address + 2);
  writer.write(lr, String(next | 1));
  writer.emit(writer.branchTo(callTarget(next, first, second), 3, next));
  writer.returnsTo(next);
  writer.ended = true;
}

/** The counterpart of `branches` in thumb/. */
export const branches: readonly (readonly [string, Translation])[] = [
  ['010001110mmmm000', branchToRegister],
  ['010001111mmmm000', callRegister],
  ...conditions.map((condition, number) => {
    const pattern = `1101${number.toString(2).padStart(4, '0')}iiiiiiii`;
    return [pattern, branchIf(condition)] as const;
  }),
  ['11100iiiiiiiiiii', branch],
];
