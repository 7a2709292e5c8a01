import { flashClock } from '../chip';
import { baseSection, sectionBytes, streamedTiles } from '../export/layout';
import type { ModelConfig } from '../model/config';
import { isPresent, tensorEntries } from '../model/tensor-table';
import { grouped } from '../text';
import { pieceBytes } from './arena';
import { placed } from './placement';

/** Cycles of a streamed byte, and of the begin of a piece (src/emulator/chip/flash-stream.ts). */
const cyclesPer = { byte: 2 * flashClock.divider, piece: 12 * flashClock.divider + 130 } as const;

export interface StreamCost {
  /** Matrices that come from flash, by slot, and those that SRAM holds. */
  streamed: readonly string[];
  resident: readonly string[];
  /** Bytes that come from flash for every token, and the cycles in which they come. */
  bytes: number;
  cycles: number;
  /** Their share of the bytes of all matrices. */
  share: number;
  /** Cycles that a token waits for them, of cores that multiply for so many with all matrices. */
  waits(multiplying: number): number;
}

/** What a model streams; undefined where it streams nothing. */
export function streamCost(config: ModelConfig): StreamCost | undefined {
  const model = placed(config);
  const bytes = sectionBytes(model, 'stream');
  if (bytes === 0) return undefined;
  const { architecture } = config;
  const { n_layers } = architecture;
  const whole = tensorEntries
    .filter((entry) => entry.kind === 'matrix' && isPresent(architecture, entry))
    .filter((entry) => baseSection(architecture, entry) === 'weights')
    .map(({ slot }): string => slot);
  const piece = Math.max(pieceBytes, ...streamedTiles(model));
  const cycles = bytes * cyclesPer.byte + (bytes / piece + n_layers + 1) * cyclesPer.piece;
  const share = bytes / (bytes + sectionBytes(model, 'weights'));
  // The first piece of a layer comes while the cores norm and round, about half of it.
  const first = (n_layers * piece * cyclesPer.byte) / 2;
  return {
    streamed: whole.filter((slot) => model.streamed?.has(slot)),
    resident: whole.filter((slot) => !model.streamed?.has(slot)),
    bytes,
    cycles,
    share,
    waits: (multiplying) => Math.max(0, cycles - share * multiplying) + first,
  };
}

/** Where the matrices of a model lie, and what limits its speed, in a sentence or two. */
export function describeStream(
  { streamed, resident, bytes, cycles, share }: StreamCost,
  multiplying: number,
): string {
  const kept = resident.length > 0 ? `SRAM holds ${resident.join(', ')}. ` : '';
  const beside = share * multiplying;
  const limit = cycles > beside ? 'The flash limits' : 'The cores limit';
  return `Streamed from flash: ${streamed.join(', ')}, ${grouped(bytes)} bytes a token in ${grouped(Math.round(cycles))} cycles. ${kept}${limit} the speed: multiplying with them takes ${grouped(Math.round(beside))} cycles.`;
}
