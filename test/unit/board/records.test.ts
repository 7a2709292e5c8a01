import { describe, expect, test } from 'vitest';
import { escapePrompt, formatGenerate } from '../../../src/core/wire/commands';
import { asDeviceRecord } from '../../../src/core/wire/device-records';
import { decodeUtf8 } from '../../../src/core/tokenizer/decode-utf8';
import { recordLimit, RecordSplitter, type WireItem } from '../../../src/core/wire/records';
import { numbersFrom } from './random';

/** Items of a stream given in pieces, neighbouring texts joined. */
function split(pieces: readonly Uint8Array[]): WireItem[] {
  const splitter = new RecordSplitter();
  const items = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.finish()];
  return items.reduce<WireItem[]>((joined, item) => {
    const last = joined.at(-1);
    if (item.kind === 'text' && last?.kind === 'text') last.text += item.text;
    else joined.push({ ...item });
    return joined;
  }, []);
}

function splitText(text: string): WireItem[] {
  return split([Buffer.from(text)]);
}

const record = (value: unknown, text = JSON.stringify(value)): WireItem => ({
  kind: 'record',
  value,
  text,
});
const text = (value: string): WireItem => ({ kind: 'text', text: value });

describe('record splitter', () => {
  test('separates records from text', () => {
    expect(splitText('boot\n\x1e{"record":"ready"}\nbye')).toEqual([
      text('boot\n'),
      record({ record: 'ready' }),
      text('bye'),
    ]);
  });

  test('shows text as it arrives, but no incomplete characters', () => {
    const splitter = new RecordSplitter();
    expect(splitter.push(Buffer.from('ab'))).toEqual([text('ab')]);
    expect(splitter.push(Uint8Array.of(0x63, 0xe2, 0x82))).toEqual([text('c')]);
    expect(splitter.push(Uint8Array.of(0xac))).toEqual([text('€')]);
  });

  test('a damaged record becomes text', () => {
    expect(splitText('\x1e{"rec\n\x1e{"a":1}\n')).toEqual([text('{"rec\n'), record({ a: 1 })]);
    expect(splitText('\x1e{"a":\x1e{"b":2}\n')).toEqual([text('{"a":'), record({ b: 2 })]);
  });

  test('bytes that are no UTF-8 become replacement characters', () => {
    expect(split([Uint8Array.of(0xff, 0xc0, 0x41)])).toEqual([text('\ufffd\ufffdA')]);
  });

  test('text behind a stray separator does not wait for an end', () => {
    expect(splitText('\x1eABCD')).toEqual([text('ABCD')]);
  });

  test('a record comes with its text, whose numbers may be longer than a number here', () => {
    const source = '{"id":12345678901234567890,"t":1.0}';
    expect(splitText(`\x1e${source}\n`)).toEqual([record(JSON.parse(source), source)]);
  });

  test('an endless record becomes text', () => {
    const splitter = new RecordSplitter();
    splitter.push(Uint8Array.of(0x1e));
    const items = splitter.push(new Uint8Array(recordLimit + 5).fill(0x7b));
    expect(items).toEqual([text('{'.repeat(recordLimit + 5))]);
    expect(splitter.push(Buffer.from('\x1e1\n'))).toEqual([record(1)]);
  });

  test('the result does not depend on how the stream is split', () => {
    const random = numbersFrom(3);
    const parts = ['\x1e', '{"text":"Größe €"}', '\n', 'noise', '😀', '\x1e[1,2]\n', '\x1e{bad\n'];
    for (let round = 0; round < 200; round++) {
      const stream = Buffer.from(
        Array.from({ length: random(20) }, () => parts[random(parts.length)]).join(''),
      );
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < stream.length;) {
        const end = at + 1 + random(9);
        pieces.push(stream.subarray(at, end));
        at = end;
      }
      expect(split(pieces)).toEqual(split([stream]));
    }
  });

  test('a record over the limit is text, however it is split', () => {
    const stream = Buffer.from(`\x1e"${'x'.repeat(recordLimit)}"\n\x1e2\n`);
    for (const size of [1, 7, 4096, stream.length]) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += size) pieces.push(stream.subarray(at, at + size));
      expect(split(pieces)).toEqual([
        text(stream.toString('utf8', 1, stream.length - 3)),
        record(2),
      ]);
    }
  });

  test('long texts of every length of character are read as they are', () => {
    for (const lead of ['', 'a', 'é', '€']) {
      const long = lead + 'é€😀a'.repeat(5000);
      expect(decodeUtf8(Buffer.from(long))).toBe(long);
    }
  });

  test('random bytes do not break it', () => {
    const random = numbersFrom(11);
    for (let round = 0; round < 100; round++) {
      const noise = Uint8Array.from({ length: random(300) }, () => random(256));
      expect(() => split([noise])).not.toThrow();
    }
  });
});

describe('device records', () => {
  test.each([
    { record: 'ready' },
    { record: 'token', index: 0, id: 5, text: 'Once', us: 1200, crc: '0badcafe' },
    { record: 'bench', kernel: 'query', cycles: 99 },
    { record: 'error', code: 'busy', message: 'wait' },
  ])('accepts $record', (value) => {
    expect(asDeviceRecord(value)).toEqual(value);
  });

  test('reads decimals written as text', () => {
    const done = {
      record: 'done',
      tokens: 2,
      reason: 'stopped',
      microseconds: 5,
      cycles_per_token: 6,
      tokens_per_second: '12.5',
      peak_stack: 700,
      text: '',
    };
    expect(asDeviceRecord(done)).toEqual({ ...done, tokens_per_second: 12.5 });
    expect(asDeviceRecord({ ...done, tokens_per_second: 'fast' })).toBeUndefined();
  });

  test('accepts a greeting without a model', () => {
    const hello = {
      record: 'hello',
      firmware: '0.1.0',
      protocol: 1,
      board: 'pico',
      clock_mhz: 125,
      cores: 1,
      image: 'no model',
      memory: { free: 1 },
    };
    expect(asDeviceRecord(hello)).toEqual(hello);
    expect(asDeviceRecord({ ...hello, memory: [] })).toBeUndefined();
  });

  test.each([null, 1, [], {}, { record: 'toString' }, { record: 'token', id: 'x' }])(
    'refuses %j',
    (value) => {
      expect(asDeviceRecord(value)).toBeUndefined();
    },
  );
});

describe('commands', () => {
  test('the prompt comes last', () => {
    const request = {
      prompt: 'Once upon a time',
      crc: true,
      seed: 1,
      top_p: 0.95,
      top_k: 40,
      temperature: 0.8,
      tokens: 64,
    };
    expect(formatGenerate(request)).toBe(
      'generate tokens=64 temperature=0.8 top_k=40 top_p=0.95 seed=1 crc=1 prompt=Once upon a time',
    );
    expect(formatGenerate({ prompt: '' })).toBe('generate prompt=');
    expect(formatGenerate({ prompt: '', top_p: 1e-7 })).toBe('generate top_p=0 prompt=');
  });

  test('a prompt is one line', () => {
    expect(escapePrompt('a\\b\n\tc\r\x7fé')).toBe('a\\\\b\\n\\tc\\x0d\\x7fé');
  });
});
