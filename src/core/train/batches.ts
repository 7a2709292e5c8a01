import type { TrainingConfig } from '../model/config';
import { seededRandom } from '../random';

/** Encoded text to learn from and to measure on. */
export interface TokenStreams {
  train: Uint16Array;
  valid: Uint16Array;
  /** Token id that ends each document and, standing before its first token, begins one. */
  endOfText: number;
}

/** Draws the sequences of any step. */
export interface BatchSampler {
  /** [batch][context + 1] token ids of a step; the same step always has the same sequences. */
  tokensOfStep(step: number): Uint16Array;
}

/**
 * Samples windows of a concatenated stream with `endOfText` between documents. The stream is a
 * ring, so that any place may start a window. Every other sequence starts at the end of text before
 * a document, as generation does.
 */
export function batchSampler(
  stream: Uint16Array,
  endOfText: number,
  training: Pick<TrainingConfig, 'batch' | 'context' | 'seed'>,
): BatchSampler {
  const documentStarts: number[] = [];
  stream.forEach((token, index) => {
    if (token === endOfText) documentStarts.push(index);
  });
  const width = training.context + 1;

  function copyWindow(start: number, target: Uint16Array): void {
    let copied = 0;
    let from = start;
    while (copied < width) {
      const piece = stream.subarray(from, from + width - copied);
      target.set(piece, copied);
      copied += piece.length;
      from = 0;
    }
  }

  return {
    tokensOfStep(step) {
      const random = seededRandom(training.seed, step);
      const tokens = new Uint16Array(training.batch * width);
      for (let sequence = 0; sequence < training.batch; sequence++) {
        const anywhere = Math.floor(random() * stream.length);
        const document = documentStarts[Math.floor(random() * documentStarts.length)];
        const start = sequence % 2 === 0 ? (document ?? anywhere) : anywhere;
        copyWindow(start, tokens.subarray(sequence * width, (sequence + 1) * width));
      }
      return tokens;
    },
  };
}
