import { chip } from '../../src/core/chip';
import type { CoreReading } from '../../src/core/wire/virtual-pico';

/** Programs of the pico-sdk keep each core's stack in a scratch bank of its own. */
const banks = [0, 1].map((bank) => {
  const base = chip.sramAddress + chip.stripedBytes + bank * chip.scratchBankBytes;
  return { base, end: base + chip.scratchBankBytes };
});

/** Bytes of stack in use now, at most so far, and the size of its bank. */
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
  // The pointer of an empty stack lies behind its bank.
  const bank = banks.find(({ base, end }) => stack_pointer > base && stack_pointer <= end);
  if (!bank) return undefined;
  return {
    now: bank.end - stack_pointer,
    most: bank.end - Math.max(bank.base, lowest_stack_pointer),
    size: bank.end - bank.base,
  };
}
