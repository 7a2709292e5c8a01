import { describe, expect, it } from 'vitest';
import { writeTokenizerSection } from '../../../src/core/export/tokenizer-section';
import { misfits } from '../../../src/core/tokenizer/fit';
import { readHuggingFace } from '../../../src/core/tokenizer/hf-read';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { Tokenizer } from '../../../src/core/tokenizer/tokenizer';
import {
  foreignFile,
  foreignFileWithEndAt,
  idsByTheFile,
  merges,
  sampleText,
  type ForeignFile,
} from './foreign-file';
import { utf8 } from './samples';

/** A file with more or other parts at its root, and in its model. */
function changed(root: object, model: object = {}, file = foreignFile(['</s>'])) {
  return { ...file, ...root, model: { ...file.model, ...model } } as ForeignFile;
}

const withHole = foreignFile(['</s>']);
withHole.model.vocab['\u0120zebra'] = 300;

/** What reading and writing a file keeps of it, with the warnings about it. */
interface Kept {
  file: ForeignFile;
  eosId?: number;
  /** Codes beside `tokenizer.other-pieces`, without the prefix. */
  warnings?: string[];
  /** Its text where that is not just the file as JSON. */
  asText?: (json: string) => string;
}

const added: [string, boolean][] = [['<user>', false]];
const templates = { type: 'TemplateProcessing', single: [], pair: [], special_tokens: {} };
const charSplit = { type: 'Split', pattern: { Regex: '.' }, behavior: 'Isolated', invert: false };
const bytes = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };

const kept: Record<string, Kept> = {
  'the end of text first': { file: foreignFile(['<|endoftext|>']) },
  'the end of text in the middle': { file: foreignFileWithEndAt(130), eosId: 130 },
  'the end of text last': { file: foreignFile([], [['<|endoftext|>', true]]), eosId: 261 },
  'the end of text among other special tokens': {
    file: foreignFile(['<s>', '<pad>', '</s>', '<unk>', '<mask>']),
    eosId: 2,
  },
  'added tokens that are not special': {
    file: foreignFile(['</s>'], added),
    warnings: ['added-tokens'],
  },
  'an added text with a space': {
    file: foreignFile(
      ['</s>'],
      [
        [' the end', false],
        ['<x>', true],
      ],
    ),
    warnings: ['added-tokens'],
  },
  'tokens called as every object has them': {
    file: foreignFile(['</s>'], [['__proto__', false]]),
    warnings: ['added-tokens'],
  },
  'merges as strings': { file: changed({}, { merges: merges.map((pair) => pair.join(' ')) }) },
  'merges as pairs': { file: changed({}, { merges }) },
  'a byte order mark': { file: foreignFile(['</s>']), asText: (json) => `\ufeff${json}` },
  'a hole in the ids': { file: withHole },
  'no type': { file: changed({}, { type: undefined }) },
  'a lowercase normaliser': {
    file: changed({ normalizer: { type: 'Lowercase' } }),
    warnings: ['normalizer'],
  },
  'a pre-tokenizer of its own': {
    file: changed({ pre_tokenizer: { type: 'Sequence', pretokenizers: [charSplit, bytes] } }),
  },
  'a prefix space': {
    file: changed({ pre_tokenizer: { ...bytes, add_prefix_space: true, use_regex: true } }),
    warnings: ['prefix-space'],
  },
  ignore_merges: { file: changed({}, { ignore_merges: true }), warnings: ['ignores-merges'] },
  dropout: { file: changed({}, { dropout: 0.1 }), warnings: ['dropout'] },
  'truncation and padding': {
    file: changed({ truncation: { max_length: 8 }, padding: { strategy: 'BatchLongest' } }),
    warnings: ['truncation', 'padding'],
  },
  'a template': { file: changed({ post_processor: templates }), warnings: ['post-processor'] },
  'a template in a sequence': {
    file: changed({ post_processor: { type: 'Sequence', processors: [templates] } }),
    warnings: ['post-processor'],
  },
  'a post-processor that only moves offsets': {
    file: changed({ post_processor: { type: 'ByteLevel' } }),
  },
};

describe('a tokenizer.json of others is used', () => {
  it.each(Object.entries(kept))(
    'with %s',
    (_, { file, eosId = 0, warnings = [], asText = (json) => json }) => {
      const { value: imported, problems } = readHuggingFace(asText(JSON.stringify(file)));
      expect(problems.map(({ code }) => code)).toEqual(
        ['other-pieces', ...warnings].map((code) => `tokenizer.${code}`),
      );
      expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);

      const written = writeHuggingFace(imported!);
      const again = readHuggingFace(written);
      // Added tokens alone are still in the file of the run.
      expect(again.problems.filter(({ code }) => code !== 'tokenizer.added-tokens')).toEqual([]);
      expect(again.value).toEqual(imported);
      expect(again.value!.eosId).toBe(eosId);
      const wanted = idsByTheFile(file, sampleText);
      expect(wanted).not.toContain(-1);
      expect([...new Tokenizer(again.value!).encode(utf8(sampleText))]).toEqual(wanted);
      // A new device image has the same tokens.
      expect(writeTokenizerSection(again.value!)).toEqual(writeTokenizerSection(imported!));
      const run = JSON.parse(written) as ForeignFile;
      expect(run.model.vocab).toMatchObject(file.model.vocab);
      expect(run.added_tokens).toMatchObject(file.added_tokens);
    },
  );
});

/** The least parts of a file around a model. */
const around = (model: object) => ({ added_tokens: [], pre_tokenizer: null, model });

const withoutBytes = foreignFile(['</s>']);
for (const byte of 'QXZ') delete withoutBytes.model.vocab[byte];

/** The beginning of a SentencePiece model: fields of a protocol buffer. */
const sentencePiece = Buffer.from('\n\x0e\n\x05<unk>\x15\0\0\0\0\x18\x02\n\x0c\n\x03<s>', 'latin1');

const refused: Record<string, [text: string | object, code: string]> = {
  'a metaspace': [changed({ pre_tokenizer: { type: 'Metaspace' } }), 'pre-tokenizer'],
  'byte fallback': [changed({ pre_tokenizer: null }, { byte_fallback: true }), 'kind'],
  WordPiece: [around({ type: 'WordPiece', unk_token: '[UNK]', vocab: { '[UNK]': 0 } }), 'kind'],
  Unigram: [around({ type: 'Unigram', unk_id: 0, vocab: [['<unk>', 0]] }), 'kind'],
  WordLevel: [around({ type: 'WordLevel', vocab: { the: 0 } }), 'kind'],
  'words alone, and no type': [around({ vocab: { the: 0 } }), 'kind'],
  'a bad merge': [changed({}, { merges: [...merges, ['q', 'zz']] }), 'bad-merge'],
  'no end of text': [foreignFile([]), 'no-end-of-text'],
  'an end-of-word suffix': [changed({}, { end_of_word_suffix: '</w>' }), 'subword-marks'],
  'a prefix of subwords': [changed({}, { continuing_subword_prefix: '##' }), 'subword-marks'],
  'what is not JSON': ['hello', 'not-json'],
  'an empty file': ['', 'not-json'],
  'a SentencePiece model': [sentencePiece.toString('utf8'), 'not-json'],
  'a vocab.json alone': [foreignFile(['</s>']).model.vocab, 'not-a-tokenizer'],
  'missing bytes': [withoutBytes, 'missing-bytes'],
};

describe('a tokenizer.json of others is refused', () => {
  it.each(Object.entries(refused))('for %s, with a remedy', (_, [file, code]) => {
    const text = typeof file === 'string' ? file : JSON.stringify(file);
    const { value, problems } = readHuggingFace(text);
    expect(value).toBeUndefined();
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map((problem) => problem.code)).toEqual([`tokenizer.${code}`]);
    expect(errors[0]?.fix).toBeTruthy();
    // Control characters of a binary file would reach the terminal.
    expect(errors[0]?.message).not.toMatch(/[\x00-\x1f]/);
  });

  it('for a vocabulary that is larger than that of the model, with the size to set', () => {
    const { value } = readHuggingFace(JSON.stringify(foreignFile(['</s>'])));
    expect(misfits(value!, 262, 'big.json')).toEqual([]);
    expect(misfits(value!, 200, 'big.json')).toMatchObject([
      {
        code: 'tokenizer.vocabulary',
        severity: 'error',
        message: 'big.json has 262 tokens; architecture.vocab_size is 200.',
        fixes: [{ changes: [{ path: ['architecture', 'vocab_size'], value: 262 }] }],
      },
    ]);
  });
});
