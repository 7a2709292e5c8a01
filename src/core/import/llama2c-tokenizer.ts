import { decodeUtf8 } from '../tokenizer/decode-utf8';
import { maxTokens, type TokenizerModel } from '../tokenizer/model';
import {
  mergesByScore,
  pieceModel,
  pieceWarnings,
  type SentencePiece,
} from '../tokenizer/sentencepiece';
import { grouped } from '../text';
import { hasErrors, type Checked, type Problem } from '../problem';
import { ByteReader } from './byte-reader';
import { refusal, refused } from './imported';

/** Names of the first ids, as llama2.c's own program writes them around line ends. */
const specialNames = ['<unk>', '<s>', '</s>'];
/** What stands at the start of each text of llama2.c, and after each story. */
const beginning = 1;
const byteCount = 256;
const leastTokens = specialNames.length + byteCount;
/** Bytes of a token. SentencePiece's have some tens; finding the merges takes the square of them. */
const longestToken = 256;

/**
 * Reads the tokenizer.bin of llama2.c: the length of the longest token, then score, length and bytes
 * of each. Its first three tokens are special, and the next 256 stand for the bytes.
 */
export function readLlama2cTokenizer(
  bytes: Uint8Array,
  vocabSize: number,
): Checked<TokenizerModel> {
  const { value: entries, problems } = readEntries(bytes, vocabSize);
  if (!entries) return { value: undefined, problems };
  const pieces = entries.map(({ score, bytes: text }, id): SentencePiece => {
    const name = specialNames[id];
    if (name !== undefined) return { kind: 'special', name };
    if (id < leastTokens) return { kind: 'byte', byte: id - specialNames.length };
    return { kind: 'text', bytes: text, score };
  });
  const merges = mergesByScore(pieces);
  return {
    value: { ...pieceModel(pieces, beginning), merges },
    problems: pieceWarnings(pieces, merges),
  };
}

interface Entry {
  score: number;
  bytes: Uint8Array;
}

function readEntries(bytes: Uint8Array, vocabSize: number): Checked<Entry[]> {
  if (vocabSize < leastTokens || vocabSize > maxTokens) {
    return refused(
      'vocabulary',
      `The model has ${grouped(vocabSize)} tokens; a tokenizer of llama2.c has from ${leastTokens} to ${grouped(maxTokens)} here.`,
      'Give the tokenizer.json of the model with --tokenizer.',
    );
  }
  const reader = new ByteReader(bytes);
  if (reader.left < 4) return truncated(0, vocabSize);
  reader.skip(4);
  const entries: Entry[] = [];
  while (entries.length < vocabSize) {
    if (reader.left < 8) return truncated(entries.length, vocabSize);
    const score = reader.float32();
    const length = reader.int32();
    if (length < 0 || length > reader.left) return truncated(entries.length, vocabSize);
    if (length > longestToken) {
      return refused(
        'tokenizer',
        `Token ${entries.length} of the tokenizer has ${grouped(length)} bytes; at most ${longestToken} are read.`,
        otherTokenizer,
      );
    }
    entries.push({ score, bytes: reader.bytes(length).slice() });
  }
  const problems: Problem[] = [];
  if (reader.left > 0) {
    problems.push(
      refusal(
        'tokenizer',
        `The tokenizer has more than the ${grouped(vocabSize)} tokens of the model: ${grouped(reader.left)} bytes are left.`,
        otherTokenizer,
      ),
    );
  }
  const wrong = entries
    .slice(0, leastTokens)
    .findIndex(
      (entry, id) => id >= specialNames.length && decodeUtf8(entry.bytes) !== nameOfByte(id),
    );
  if (wrong >= 0) {
    problems.push(
      refusal(
        'tokenizer',
        `Token ${wrong} of the tokenizer is ${JSON.stringify(decodeUtf8(entries[wrong]?.bytes ?? bytes))}, not ${nameOfByte(wrong)}.`,
        otherTokenizer,
      ),
    );
  }
  const noText = entries.findIndex(({ bytes: text }, id) => id >= leastTokens && !isText(text));
  if (noText >= 0) {
    problems.push(
      refusal(
        'tokenizer',
        `Token ${noText} of the tokenizer is empty or not UTF-8.`,
        otherTokenizer,
      ),
    );
  }
  return { value: hasErrors(problems) ? undefined : entries, problems };
}

const otherTokenizer = 'Give the tokenizer.bin that the model was trained with.';

function nameOfByte(id: number): string {
  const byte = id - specialNames.length;
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}

function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && !decodeUtf8(bytes).includes('\ufffd');
}

function truncated(found: number, wanted: number): Checked<never> {
  return refused(
    'tokenizer',
    `The tokenizer ends within token ${grouped(found)}; the model has ${grouped(wanted)}.`,
    otherTokenizer,
  );
}
