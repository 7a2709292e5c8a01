import { flashCache, flashClock } from '../chip';
import { sectionBytes, streamedTiles } from '../export/layout';
import type { ModelConfig } from '../model/config';
import { pieceBytes } from './arena';
import calibration from './calibration.json';
import { placed } from './placement';
import { partsOfToken, workPerToken, type Work } from './work';

/** Cycles of each kind of work, fitted to measurements on the virtual Pico with so many cores. */
const cyclesPer: Record<1 | 2, Work> = {
  1: calibration.cycles.one_core,
  2: calibration.cycles.two_cores,
};

/**
 * Cycles that a token waits for weights in flash: once for each word, since reading a whole
 * sequence over and over evicts each word from the smaller cache before its next use.
 */
export function flashWaits(config: ModelConfig): number {
  if (config.target.weights !== 'flash') return 0;
  const bytes = sectionBytes(config, 'weights');
  return bytes > flashCache.bytes
    ? Math.ceil(bytes / flashCache.fetchBytes) * flashCache.missCycles
    : 0;
}

/** Cycles of a streamed byte, and of the begin of a piece (src/emulator/chip/flash-stream.ts). */
const streamed = { byte: 2 * flashClock.divider, piece: 12 * flashClock.divider + 130 } as const;

/**
 * Cycles that a token waits for streamed matrices: for the first piece of each layer, and for what
 * comes later than the cores have multiplied what they have. `multiplying` is the work of all
 * matrices; theirs is that of their share of the bytes.
 */
function streamWaits(config: ModelConfig, multiplying: number): number {
  const model = placed(config);
  const bytes = sectionBytes(model, 'stream');
  if (bytes === 0) return 0;
  const { n_layers } = config.architecture;
  const piece = Math.max(pieceBytes, ...streamedTiles(model));
  const pieces = bytes / piece + n_layers + 1;
  const coming = bytes * streamed.byte + pieces * streamed.piece;
  const share = bytes / (bytes + sectionBytes(model, 'weights'));
  return Math.max(0, coming - share * multiplying) + n_layers * piece * streamed.byte * 0.5;
}

/** Cycles of each part of one token at a context length. */
export function cyclesPerToken(config: ModelConfig, context: number) {
  const work = workPerToken(config, context);
  const per = cyclesPer[config.target.cores];
  const cost = (kinds: readonly (keyof Work)[]) =>
    kinds.reduce((sum, kind) => sum + work[kind] * per[kind], 0);
  const parts = {
    matrices: cost(partsOfToken.matrices),
    attention: cost(partsOfToken.attention),
    feed_forward: cost(partsOfToken.feed_forward),
    norms: cost(partsOfToken.norms),
    sampling: cost(partsOfToken.sampling),
    flash_waits: 0,
  };
  parts.flash_waits = flashWaits(config) + streamWaits(config, parts.matrices);
  const total = Object.values(parts).reduce((sum, cycles) => sum + cycles, 0);
  return { parts, total };
}
