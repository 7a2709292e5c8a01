import { expect, describe, it } from 'vitest';
import schema from '../../../src/core/model/model.schema.json';
import { decodeText } from '../../../src/node/data/decode-text';
import { normaliseText } from '../../../src/node/data/text';
import { knownEncoding } from '../../../src/core/model/encodings';
import { parseModel } from '../../../src/core/model/parse';
import { presets } from '../../../src/core/model/presets';
import type { Problem } from '../../../src/core/problem';
import { StarmindError } from '../../../src/node/starmind-error';

const german = 'Es war ein sch\u00f6ner Tag.\nDie V\u00f6gel sangen \u00fcber dem Haus.\n';

function normalised(bytes: Uint8Array, encoding = 'utf-8', isCut = false, name = 'a.txt') {
  const problems: Problem[] = [];
  const onProblem = (problem: Problem) => problems.push(problem);
  const source = {
    file: name,
    place: `/texts/${name}`,
    path: 'data.source',
    encoding,
    isCut,
    onProblem,
  };
  const text = normaliseText(Buffer.from(bytes), source).toString('utf8');
  return { text, problems };
}

function refusal(bytes: Uint8Array, encoding?: string): StarmindError {
  try {
    normalised(bytes, encoding);
  } catch (error) {
    if (error instanceof StarmindError) return error;
    throw error;
  }
  throw new Error('was taken');
}

describe('text that is no UTF-8', () => {
  it('is refused with the byte, its place, the share and the remedy', () => {
    const bytes = Buffer.from(german, 'latin1');
    const error = refusal(bytes);
    expect(error.code).toBe('data.encoding');
    expect(error.message).toContain('byte 0xF6 at offset 14 (line 1)');
    expect(error.message).toContain(`3 bytes, ${Number((300 / bytes.length).toPrecision(2))} %`);
    expect(error.remedy).toContain('data.encoding');
    expect(error.remedy).toContain('windows-1252');
  });

  it('is converted when data.encoding names its encoding', () => {
    for (const encoding of ['latin-1', 'iso-8859-1', 'windows-1252']) {
      expect(normalised(Buffer.from(german, 'latin1'), encoding)).toEqual({
        text: german,
        problems: [],
      });
    }
    expect(normalised(Uint8Array.of(0x80, 0x93), 'windows-1252').text).toBe('\u20ac\u201c');
    expect(normalised(Uint8Array.of(0xcf, 0xf0, 0xe8), 'windows-1251').text).toBe(
      '\u041f\u0440\u0438',
    );
    expect(normalised(Uint8Array.of(0x93, 0xfa), 'shift_jis').text).toBe('\u65e5');
  });

  it('is used with a warning when a few of many bytes are invalid', () => {
    const bytes = Buffer.concat([Buffer.from(german.repeat(400)), Buffer.of(0xff)]);
    const { problems } = normalised(bytes);
    expect(problems).toMatchObject([{ code: 'data.encoding', severity: 'warning' }]);
    expect(problems[0]?.message).toContain('(line 801)');
    expect(problems[0]?.message).toMatch(/ 1 byte, .* is no UTF-8\. It is learnt as it is\.$/);
    expect(problems[0]?.fix).toContain('iconv -c');
  });

  it('names commands whose words no shell expands, with a file for the result', () => {
    const bytes = Buffer.concat([Buffer.from(german.repeat(400)), Buffer.of(0xff)]);
    const [problem] = normalised(bytes, 'utf-8', false, "t $(id)'s.txt").problems;
    expect(problem?.fix).toMatch(
      / iconv -c -f UTF-8 -t UTF-8 '\/texts\/t \$\(id\)'\\''s\.txt' > '\/texts\/t \$\(id\)'\\''s\.txt\.utf-8\.txt'$/,
    );
  });

  it('is not reported for a character that max_bytes cut in two', () => {
    for (const character of ['\u00f6', '\u20ac', '\ud83d\ude42']) {
      const bytes = Buffer.from(`abc${character}`);
      for (let end = 3; end < bytes.length; end++) {
        expect(normalised(bytes.subarray(0, end), 'utf-8', true).text).toBe('abc');
      }
      expect(normalised(bytes, 'utf-8', true).text).toBe(`abc${character}`);
    }
    const utf16 = Buffer.from('abc', 'utf16le').subarray(0, 5);
    expect(normalised(utf16, 'utf-16le', true).text).toBe('ab');
  });
});

describe('UTF-16', () => {
  const little = Buffer.from(german, 'utf16le');
  const big = Buffer.from(little).swap16();
  const marked = (bytes: Uint8Array, ...mark: number[]) =>
    Buffer.concat([Uint8Array.from(mark), bytes]);

  it.each<[string, Buffer, string]>([
    ['with a mark', marked(little, 0xff, 0xfe), 'utf-16le'],
    ['with a mark', marked(big, 0xfe, 0xff), 'utf-16be'],
    ['without one', little, 'utf-16le'],
    ['without one', big, 'utf-16be'],
  ])('%s is named, and converted when it is said', (_, bytes, encoding) => {
    const error = refusal(bytes);
    expect(error.message).toContain('UTF-16');
    expect(error.remedy).toContain(`"${encoding}"`);
    expect(normalised(bytes, encoding).text).toBe(german);
  });

  it('follows its mark where data.encoding names another byte order', () => {
    expect(normalised(marked(big, 0xfe, 0xff), 'utf-16le').text).toBe(german);
  });

  it('is refused where its bytes do not match data.encoding, and so is other text', () => {
    const broken = Buffer.concat([little.subarray(0, 20), Buffer.of(0, 0xd8), little]);
    expect(refusal(broken, 'utf-16le').message).toMatch(/byte at 2[0-3] /);
    expect(refusal(little, 'windows-1252').code).toBe('data.binary');
    expect(refusal(Buffer.from(german, 'latin1'), 'euc-jp').message).toContain('euc-jp');
  });
});

describe('UTF-8 that data.encoding calls something else', () => {
  it.each(['windows-1252', 'gbk', 'utf-16le', 'latin-1'])('as %s gets a warning', (encoding) => {
    expect(normalised(Buffer.from(`${german} `), encoding).problems).toMatchObject([
      {
        code: 'data.encoding',
        severity: 'warning',
        path: 'data.source',
        message: `a.txt is valid UTF-8, but is read as ${encoding}, as data.encoding says.`,
        fixes: [{ changes: [{ path: ['data', 'encoding'], remove: true }] }],
      },
    ]);
  });

  it.each<[string, Buffer]>([
    ['windows-1252', Buffer.from(german, 'latin1')],
    ['windows-1252', Buffer.from('plain\n')],
    ['utf-16le', Buffer.from('plain\n', 'utf16le')],
    ['utf-16le', Buffer.from('\u041f\u0440\u0438\n', 'utf16le')],
    ['shift_jis', Buffer.of(0x93, 0xfa)],
    ['iso-2022-jp', Buffer.from('\x1b$BF|\x1b(B')],
  ])('leaves text that is %s alone', (encoding, bytes) => {
    expect(normalised(bytes, encoding).problems).toEqual([]);
  });

  it('is seen where max_bytes has cut a character in two', () => {
    const bytes = Buffer.from(german).subarray(0, 15);
    expect(normalised(Buffer.concat([bytes, Buffer.of(0xc3)]), 'gbk', true).problems).toEqual([]);
    const cut = Buffer.from(`${german}\u00f6`).subarray(0, -1);
    expect(normalised(cut, 'windows-1252', true).problems).toHaveLength(1);
  });
});

it('every encoding of the schema is found by other spellings', () => {
  const names = schema.properties.data.properties.encoding.enum;
  for (const name of names) {
    for (const spelling of [name, name.toUpperCase(), name.replaceAll('-', '_')]) {
      expect(knownEncoding(spelling)).toBe(name);
    }
  }
  for (const [spelling, name] of [
    ['UTF8', 'utf-8'],
    ['Latin1', 'latin-1'],
    ['ISO8859-1', 'iso-8859-1'],
    ['cp1252', 'windows-1252'],
    ['CP-1251', 'windows-1251'],
    ['Shift-JIS', 'shift_jis'],
    ['UTF-16', 'utf-16le'],
  ] as const) {
    expect(knownEncoding(spelling)).toBe(name);
    const file = { ...presets[0]!.file, data: { encoding: spelling } };
    const { value, problems } = parseModel(JSON.stringify(file));
    expect(value?.data.encoding).toBe(name);
    expect(problems).toEqual([]);
  }
  expect(knownEncoding('utf-7')).toBeUndefined();
  // Each name that stands for another is one that the schema has.
  const said = ['ansi', 'mac', 'latin9', 'sjis', 'gb2312', 'cp866', 'cp950', 'latin5', 'koi8'];
  for (const spelling of said) expect(names).toContain(knownEncoding(spelling));
});

it('a file with a mark of UTF-8 is UTF-8, whatever data.encoding is', () => {
  expect(normalised(Buffer.from(`\ufeff${german}`), 'windows-1252').text).toBe(german);
});

it('every encoding of the schema is supported, also over parts of a file', () => {
  const text = Buffer.from('plain '.repeat(200_000));
  for (const encoding of schema.properties.data.properties.encoding.enum) {
    if (encoding.startsWith('utf-16')) continue;
    const decoded = decodeText(text, encoding, false);
    expect('text' in decoded && decoded.text.equals(text), encoding).toBe(true);
  }
});
