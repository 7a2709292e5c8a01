import { scratchBankBytes, sramBase, stripedBytes } from './chip/address-map';

/** Bytes that nobody has written, behind which no more of a stack is looked for. */
const longestGap = 512;

/** The scratch banks of SRAM: as they are, and as they were when the program started. */
export interface ScratchBanks {
  now: Uint8Array;
  atStart: Uint8Array;
}

/**
 * The lowest address that a stack in a scratch bank has come to, by what it has left there: what lies
 * below and has not been written since the start is no part of it. Variables may lie in the bank as
 * well, at its other end.
 *
 * @returns the stack pointer itself for stacks elsewhere
 */
export function lowestWritten(stackPointer: number, { now, atStart }: ScratchBanks): number {
  const top = stackPointer - sramBase - stripedBytes;
  if (top <= 0 || top > now.length) return stackPointer;
  const bottom = Math.floor((top - 1) / scratchBankBytes) * scratchBankBytes;
  let lowest = top;
  for (let at = top - 1; at >= bottom && lowest - at <= longestGap; at--) {
    if (now[at] !== atStart[at]) lowest = at;
  }
  // Stacks grow by words.
  return sramBase + stripedBytes + (lowest & ~3);
}
