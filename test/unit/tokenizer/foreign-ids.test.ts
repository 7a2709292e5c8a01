import { describe, expect, it } from 'vitest';
import { readHuggingFace } from '../../../src/core/tokenizer/hf-read';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { Tokenizer } from '../../../src/core/tokenizer/tokenizer';
import { foreignFile, type ForeignFile } from './foreign-file';
import { utf8 } from './samples';

describe('the run of a foreign tokenizer.json', () => {
  it('names token 1 as the file does, and its merge', () => {
    const { value } = readHuggingFace(JSON.stringify(foreignFile(['<|endoftext|>'])));
    const { model } = JSON.parse(writeHuggingFace(value!)) as ForeignFile;
    expect(model.vocab['!']).toBe(1);
    expect(model.merges).toContainEqual(['!', '!']);
    expect([...new Tokenizer(value!).encode(utf8('!!'))]).toEqual([model.vocab['!!']]);
  });

  it('reads a file behind a byte order mark, and names UTF-16', () => {
    const json = JSON.stringify(foreignFile(['<|endoftext|>']));
    expect(readHuggingFace(`\ufeff${json}`)).toEqual(readHuggingFace(json));
    const utf16 = Buffer.from(`\ufeff${json}`, 'utf16le');
    for (const bytes of [utf16, utf16.subarray(2), Buffer.from(utf16).swap16()]) {
      const { problems } = readHuggingFace(bytes.toString('utf8'));
      expect(problems).toMatchObject([{ code: 'tokenizer.utf16' }]);
    }
  });

  it('uses the id of the vocabulary for an added token, as the library does', () => {
    const original = foreignFile(['<|endoftext|>']);
    original.added_tokens[0]!.id = 9;
    expect(readHuggingFace(JSON.stringify(original)).value?.eosId).toBe(0);
  });

  it('refuses two tokens of one id', () => {
    const original = foreignFile(['<|endoftext|>'], [['<user>', false]]);
    original.added_tokens[1]!.id = 5;
    const { value, problems } = readHuggingFace(JSON.stringify(original));
    expect(value).toBeUndefined();
    expect(problems).toContainEqual(expect.objectContaining({ code: 'tokenizer.same-id' }));
  });
});
