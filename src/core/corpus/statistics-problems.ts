import type { ModelConfig } from '../model/config';
import type { Problem } from '../problem';
import { grouped } from '../text';
import type { Copies } from './similarity';
import type { CorpusStatistics } from './statistics';

/** Share of copies in a text that is worth a warning. */
const copiedShare = 0.05;

/** The same for held-out text, each copy of which was learnt by heart. */
const leakedShare = 0.01;

/** Share of escaped bytes from which on a tokenizer was made for other text. */
const unknownShare = 0.005;

/** A vocabulary of this size reaches this many bytes a token on text like the one it was made of. */
const largeVocabulary = 512;
const fewBytesPerToken = 1.6;

/** Warnings for what would make a training worse without a sign of it. */
export function statisticsProblems(
  statistics: CorpusStatistics,
  config: ModelConfig,
  parameters: number,
): Problem[] {
  return [
    ...oneDocument(statistics),
    ...copiesOf(statistics),
    ...leaks(statistics),
    ...foreignTokenizer(statistics, config),
    ...tooLittle(statistics, parameters),
  ];
}

function warning(code: string, path: string, message: string, fix: string): Problem {
  return { code, severity: 'warning', path, message, fix };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

const countOf = ({ exact, near }: Copies) => exact + near;

function oneDocument({ documents, held_out }: CorpusStatistics): Problem[] {
  if (documents + held_out.documents > 1) return [];
  return [
    warning(
      'data.one-document',
      'data.separator',
      'The text is a single document: the model sees no beginning but one, and nothing is held out.',
      'Put data.separator on a line of its own between documents, or name the one that the text has.',
    ),
  ];
}

function copiesOf({ documents, copies }: CorpusStatistics): Problem[] {
  const share = countOf(copies) / Math.max(1, documents);
  if (share < copiedShare) return [];
  return [
    warning(
      'data.copies',
      'data.source',
      `${percent(share)} of the documents are copies of others: ${grouped(copies.exact)} exact, ${grouped(copies.near)} nearly. The model learns them by heart.`,
      'Remove the copies from the text.',
    ),
  ];
}

function leaks({ held_out: { documents, copies } }: CorpusStatistics): Problem[] {
  const share = countOf(copies) / Math.max(1, documents);
  if (share <= leakedShare) return [];
  return [
    warning(
      'data.leak',
      'data.validation_file',
      `${percent(share)} of the held-out documents are in the text to train on, too: the held-out loss will look better than the model is.`,
      'Remove them from one of the two texts.',
    ),
  ];
}

function foreignTokenizer(statistics: CorpusStatistics, { tokenizer, architecture }: ModelConfig) {
  if (tokenizer.type === 'bpe' || tokenizer.type === 'byte') return [];
  const { bytes, bytes_per_token, unknown_bytes, held_out } = statistics;
  const unknown = unknown_bytes / Math.max(1, bytes + held_out.bytes);
  const isCoarse = architecture.vocab_size >= largeVocabulary && bytes_per_token < fewBytesPerToken;
  if (unknown < unknownShare && !isCoarse) return [];
  const signs = [
    ...(unknown >= unknownShare ? [`it has no token for ${percent(unknown)} of the bytes`] : []),
    ...(isCoarse ? [`its tokens hold ${bytes_per_token.toFixed(2)} bytes on average`] : []),
  ];
  return [
    warning(
      'tokenizer.foreign-text',
      'tokenizer',
      `The tokenizer seems made for other text: ${signs.join(', and ')}.`,
      'Let a tokenizer be learnt from this text: tokenizer.type "bpe".',
    ),
  ];
}

function tooLittle({ tokens }: CorpusStatistics, parameters: number): Problem[] {
  if (tokens >= parameters) return [];
  return [
    warning(
      'data.too-little',
      'data.source',
      `The text has ${grouped(tokens)} tokens for ${grouped(parameters)} parameters: the model can learn it by heart instead of its language.`,
      'Use more text, a smaller model, or begin with a trained one (training.from).',
    ),
  ];
}
