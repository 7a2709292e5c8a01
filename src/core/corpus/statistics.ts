import { grouped } from '../text';
import type { Turns } from '../turns';
import { KnownText, type Copies } from './similarity';

/** What a training reads, in numbers. */
export interface CorpusStatistics {
  /** Of the text to train on. */
  bytes: number;
  documents: number;
  tokens: number;
  bytes_per_token: number;
  /** Bytes that the tokenizer has to escape, of both texts. */
  unknown_bytes: number;
  /** Documents of the text to train on that it has before them already. */
  copies: Copies;
  held_out: { bytes: number; documents: number; tokens: number; copies: Copies };
  /** Passes over the text that the budget makes; null where time is the budget. */
  epochs: number | null;
}

export interface Counted {
  documents: readonly Uint8Array[];
  tokens: number;
}

/** The statistics of text and held-out text. */
export function* corpusStatistics(
  train: Counted,
  valid: Counted,
  unknownBytes: number,
  epochs: number | null,
): Turns<CorpusStatistics> {
  const bytes = bytesOf(train.documents);
  const known = new KnownText(bytes);
  const copies = yield* known.add(train.documents);
  return {
    bytes,
    documents: train.documents.length,
    tokens: train.tokens,
    bytes_per_token: bytes / Math.max(1, train.tokens),
    unknown_bytes: unknownBytes,
    copies,
    held_out: {
      bytes: bytesOf(valid.documents),
      documents: valid.documents.length,
      tokens: valid.tokens,
      copies: yield* known.find(valid.documents),
    },
    epochs,
  };
}

/** The statistics in a line. */
export function statisticsLine(statistics: CorpusStatistics): string {
  const { bytes, documents, tokens, bytes_per_token, copies, epochs } = statistics;
  const parts = [
    `${grouped(bytes)} bytes in ${grouped(documents)} documents`,
    `${grouped(tokens)} tokens of ${bytes_per_token.toFixed(2)} bytes`,
    `${grouped(copies.exact + copies.near)} copies`,
    ...(epochs === null ? [] : [`read ${epochs.toFixed(1)} times`]),
  ];
  return `text: ${parts.join(', ')}`;
}

function bytesOf(documents: readonly Uint8Array[]): number {
  return documents.reduce((sum, { length }) => sum + length, 0);
}
