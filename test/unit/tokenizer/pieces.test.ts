import { describe, expect, it } from 'vitest';
import { pieceEnd } from '../../../src/core/tokenizer/pieces';
import { splitRegex } from '../../../src/core/tokenizer/hf-format';
import { englishLike, fromUtf8, seededRandom, utf8 } from './samples';

function pieces(text: string): string[] {
  const bytes = utf8(text);
  const found: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = pieceEnd(bytes, start);
    found.push(fromUtf8(bytes.subarray(start, end)));
    start = end;
  }
  return found;
}

describe('pieces', () => {
  it.each<[string, string[]]>([
    ['Once upon a time', ['Once', ' upon', ' a', ' time']],
    ['"Hi!" said Tom.', ['"', 'Hi', '!"', ' said', ' Tom', '.']],
    ["don't", ['don', "'", 't']],
    ['in 1984, yes', ['in', ' 1984', ',', ' yes']],
    ['a  b', ['a', ' ', ' b']],
    ['a   b', ['a', '  ', ' b']],
    ['a\nb', ['a', '\n', 'b']],
    ['a\n\n b', ['a', '\n\n', ' b']],
    ['a \nb', ['a', ' \n', 'b']],
    ['a \n', ['a', ' \n']],
    ['a ', ['a', ' ']],
    ['  ', ['  ']],
    [' ...', [' ...']],
    ['x1y', ['x', '1', 'y']],
    ['café noir', ['café', ' noir']],
    ['\t\u0001', ['\t', '\u0001']],
    ['\u0000 \u007f', ['\u0000', ' \u007f']],
  ])('%j', (text, expected) => {
    expect(pieces(text)).toEqual(expected);
  });

  it('equal the matches of the regular expression in our tokenizer.json', () => {
    const regex = new RegExp(splitRegex.bpe ?? '', 'gu');
    const random = seededRandom(3);
    const alphabet = [...' \n\t\r\v\fab1!é\u0001 日Z0~'];
    for (let round = 0; round < 300; round++) {
      const text = Array.from(
        { length: 30 },
        () => alphabet[Math.floor(random() * alphabet.length)],
      );
      expect(pieces(text.join(''))).toEqual(text.join('').match(regex));
    }
    const text = fromUtf8(englishLike(5, 3000));
    expect(pieces(text)).toEqual(text.match(regex));
  });
});
