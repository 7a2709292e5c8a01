import type { CoreReading } from '../../src/core/wire/virtual-pico';

/** Programs of the pico-sdk keep each core's stack in a scratch bank of its own. */
const banks = [
  { base: 0x20040000, end: 0x20041000 },
  { base: 0x20041000, end: 0x20042000 },
];

/** Bytes of stack in use now, at most so far, and those of its bank. */
export interface StackUse {
  now: number;
  most: number;
  size: number;
}

/** Undefined for a core that has no stack there. */
export function stackOf({
  stack_pointer,
  lowest_stack_pointer,
}: CoreReading): StackUse | undefined {
  // A stack that is empty points behind its bank.
  const bank = banks.find(({ base, end }) => stack_pointer > base && stack_pointer <= end);
  if (!bank) return undefined;
  return {
    now: bank.end - stack_pointer,
    most: bank.end - Math.max(bank.base, lowest_stack_pointer),
    size: bank.end - bank.base,
  };
}
