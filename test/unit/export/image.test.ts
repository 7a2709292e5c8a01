import { buf as crc32 } from 'crc-32';
import { describe, expect, it } from 'vitest';
import { writeImage, type ImageInput } from '../../../src/core/export/image';
import {
  crcStart,
  headerOffset,
  imageHeaderBytes,
  scaleLayouts,
  tensorDescriptorBytes,
  sections,
  tensorOffset,
  type TensorField,
} from '../../../src/core/export/image-fields';
import { imageVersionOf, readImageHeader } from '../../../src/core/export/image-header';
import { planImage } from '../../../src/core/export/layout';
import { withDefaults } from '../../../src/core/model/defaults';
import { formatCode, formatNames, strideOf, weightFormats } from '../../../src/core/model/formats';
import { modelEntries } from '../../../src/core/model/tensor-table';
import { initialWeights } from '../../../src/core/train/initialise';
import { quantizeMatrix, quantizeVector } from '../../../src/core/quant/matrix';
import { toScale } from '../../../src/core/quant/scale';
import { alphabetModel } from '../../../src/core/tokenizer/model';
import { normalFrom, seededRandom } from '../../../src/core/random';
import { digest } from '../../../src/node/run/export';
import { WasmEngine } from '../../../src/node/wasm/engine';

const { architecture, quantization } = withDefaults(
  {
    version: 1,
    architecture: {
      ...{ vocab_size: 258, dim: 6, hidden_dim: 10, n_layers: 1, n_heads: 3, max_seq_len: 8 },
    },
  },
  'test',
);

const input: ImageInput = {
  ...{ architecture, quantization, weights: initialWeights(architecture, 1) },
  tokenizer: alphabetModel(
    'byte',
    Array.from({ length: 256 }, (_, byte) => byte),
  ),
  sampling: { temperature: 0.8, top_k: 40, top_p: 0.95 },
  whenFull: 'stop',
  tokenizerHash: new Uint8Array(8),
  digest,
};

function image(changes: Partial<ImageInput> = {}): Uint8Array {
  return writeImage({ ...input, ...changes });
}

/** An image with something changed and a right checksum. */
function forged(change: (view: DataView) => void, bytes = image()): Uint8Array {
  const view = new DataView(bytes.buffer);
  change(view);
  view.setInt32(headerOffset('crc32'), crc32(bytes.subarray(crcStart)), true);
  return bytes;
}

const problemOf = async (bytes: Uint8Array): Promise<string> =>
  WasmEngine.open(bytes).then(
    () => '',
    (error: Error) => error.message,
  );

/** Places of the embedding's, the rotary table's and the first query matrix's descriptors. */
const places = { embedding: 0, rotary: 2, query: modelEntries.length + 1 };

/** Offset of a field of a tensor's descriptor. */
const tensorField = (tensor: keyof typeof places, field: TensorField) =>
  imageHeaderBytes + places[tensor] * tensorDescriptorBytes + tensorOffset(field);

describe('a device image', () => {
  it('opens in the engine', async () => {
    await expect(WasmEngine.open(image())).resolves.toBeDefined();
  });

  it('is refused with any byte changed', async () => {
    const bytes = image();
    const random = seededRandom(2);
    for (let round = 0; round < 60; round++) {
      const damaged = bytes.slice();
      const at = Math.floor(random() * bytes.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      await expect(WasmEngine.open(damaged)).rejects.toMatchObject({ code: 'image.invalid' });
    }
  });

  it('is refused when cut short', async () => {
    const bytes = image();
    for (const length of [0, 4, imageHeaderBytes - 1, imageHeaderBytes, bytes.length - 1]) {
      const open = WasmEngine.open(bytes.slice(0, length));
      await expect(open).rejects.toMatchObject({ code: 'image.invalid' });
    }
  });

  it('of version 1 is refused as one of another version, with the command that makes it again', async () => {
    const old = forged((view) => view.setUint16(headerOffset('version'), 1, true));
    const open = WasmEngine.open(old);
    await expect(open).rejects.toMatchObject({
      message: expect.stringContaining('another engine version') as string,
      remedy: expect.stringContaining('starmind build RUN') as string,
    });
    expect(readImageHeader(old)).toBeUndefined();
    expect(imageVersionOf(old)).toBe(1);
  });

  const u32 = (at: number, value: number) => (view: DataView) => view.setUint32(at, value, true);
  const u16 = (at: number, value: number) => (view: DataView) => view.setUint16(at, value, true);
  const u8 = (at: number, value: number) => (view: DataView) => view.setUint8(at, value);

  it.each<[string, (view: DataView) => void]>([
    ['a context that no memory holds', u16(headerOffset('max_seq_len'), 32_767)],
    ['more layers than it has tensors', u16(headerOffset('n_layers'), 255)],
    ['an endless factor', u32(headerOffset('norm_factor') + 4, 2_000_000_000)],
    ['a factor of too many bits', u32(headerOffset('attention_factor'), 0x10000)],
    ['a tokenizer outside the image', u32(headerOffset('tokenizer_offset'), 0xfffffffc)],
    ['a head count of zero', u16(headerOffset('n_kv_heads'), 0)],
    ['a temperature that cannot be asked for', u32(headerOffset('temperature'), 11 << 16)],
    ['a share above one', u32(headerOffset('top_p'), 65_537)],
    ['weights that end within a word', u32(headerOffset('weights_bytes'), 1002)],
    ['a tensor outside its section', u32(tensorField('embedding', 'values_offset'), 0x7ffffff0)],
    ['scales outside their section', u32(tensorField('embedding', 'scales_offset'), 0x7ffffff0)],
    ['scales at an odd place', u32(tensorField('embedding', 'scales_offset'), 1)],
    ['values at an unaligned place', u32(tensorField('query', 'values_offset'), 2)],
    ['rows that overlap', u32(tensorField('query', 'stride'), 4)],
    ['unaligned rows', u32(tensorField('query', 'stride'), 10)],
    ['rows that end outside the section', u32(tensorField('query', 'stride'), 0x40000000)],
    ['rows as long as all memory', u32(tensorField('query', 'stride'), 0xfffffffc)],
    ['an alignment that words do not have', u8(tensorField('query', 'alignment'), 1)],
    ['an alignment that no section has', u8(tensorField('query', 'alignment'), 64)],
    ['a group size without groups', u16(tensorField('query', 'group_size'), 32)],
    ['a matrix without scales', u8(tensorField('query', 'scale_layout'), 0)],
    ['a matrix of int16', u8(tensorField('query', 'format'), formatCode('int16'))],
    ['a table of int8', u8(tensorField('rotary', 'format'), formatCode('int8'))],
    ['other columns', u32(tensorField('query', 'columns'), 5)],
    ['a section of its own', u8(tensorField('query', 'section'), 2)],
    ['a tensor that its options leave out', u8(headerOffset('position'), 2)],
    ['a rotation that shifts the wrong way', u16(tensorField('rotary', 'exponent'), 99)],
  ])('is refused with %s, whatever its checksum', async (_, change) => {
    expect(await problemOf(forged(change))).toContain('impossible shape');
  });

  it.each<[string, (view: DataView) => void, string]>([
    ['groups', u8(tensorField('query', 'scale_layout'), 2), 'a scale for each group'],
    [
      'a format of tomorrow',
      u8(tensorField('query', 'format'), formatNames.length),
      'does not know',
    ],
    [
      'scales of tomorrow',
      u8(tensorField('query', 'scale_layout'), scaleLayouts.length),
      'does not know',
    ],
    ['a norm of tomorrow', u8(headerOffset('norm'), 2), 'does not know'],
    ['another way out of a full context', u8(headerOffset('when_full'), 2), 'does not know'],
  ])('with %s is answered as unsupported, by name', async (_, change, told) => {
    expect(await problemOf(forged(change))).toContain(told);
  });

  it('never makes the engine fault, whatever value a field of a descriptor has', async () => {
    const random = seededRandom(7);
    for (let round = 0; round < 300; round++) {
      const bytes = forged((view) => {
        const at = imageHeaderBytes + Math.floor(random() * 14 * (tensorDescriptorBytes / 4)) * 4;
        view.setUint32(at, Math.floor(random() * 2 ** (1 + Math.floor(random() * 32))), true);
      });
      // An image that opens must run, without a read outside it.
      const engine = await WasmEngine.open(bytes).catch((error: Error & { code?: string }) => {
        expect(error.code).toBe('image.invalid');
        return undefined;
      });
      for (let position = 0; engine && position < 2; position++) engine.forward(3, position, 258);
    }
  });

  it.each(weightFormats)('has whole tiles of %s, on whole words', (weights) => {
    const model = { architecture, quantization: { weights } };
    const { tensors } = planImage(model, 0);
    for (const { entry, rows, columns, format, stride, valuesOffset } of tensors) {
      if (rows === 0) continue;
      expect(format).toBe(entry.kind === 'matrix' ? weights : 'int16');
      expect(stride).toBe(strideOf(format, columns));
      expect(valuesOffset % 4).toBe(0);
    }
  });

  it('is refused with an int4 cache of more positions than weights can be shared among', async () => {
    const of = (max_seq_len: number) => {
      const longer = { ...architecture, max_seq_len };
      const weights = initialWeights(longer, 1);
      return image({
        ...{ architecture: longer, weights },
        quantization: { weights: 'int8', kv_cache: 'int4' },
      });
    };
    await expect(WasmEngine.open(of(1024))).resolves.toBeDefined();
    expect(await problemOf(of(1025))).toContain('impossible shape');
  });

  it('is refused with an index that no ternary table has', async () => {
    const ternary = image({ quantization: { weights: 'ternary' } });
    const view = new DataView(ternary.buffer);
    expect((await WasmEngine.open(ternary)).arenaBytes).toBeGreaterThan(0);
    const embedding = view.getUint32(headerOffset('weights_offset'), true);
    view.setUint32(embedding, 81 << 3, true);
    view.setInt32(headerOffset('crc32'), crc32(ternary.subarray(crcStart)), true);
    expect(await problemOf(ternary)).toContain('impossible shape');
  });

  it('is refused when something would be read from flash beside a stream', async () => {
    const streamed = () => image({ streamed: new Set(['up']) });
    await expect(WasmEngine.open(streamed())).resolves.toBeDefined();
    const gains = imageHeaderBytes + modelEntries.length * tensorDescriptorBytes;
    const toCold = (view: DataView) => {
      view.setUint8(gains + tensorOffset('section'), sections.indexOf('cold'));
      view.setUint32(gains + tensorOffset('values_offset'), 0, true);
    };
    expect(await problemOf(forged(toCold, streamed()))).toContain('impossible shape');
    // Without a stream, the same image is read where it lies.
    await expect(WasmEngine.open(forged(toCold))).resolves.toBeDefined();
  });

  it('holds the sampling defaults', () => {
    const { sampling } = readImageHeader(image()) ?? {};
    expect(sampling?.temperature).toBeCloseTo(0.8, 4);
    expect(sampling?.top_k).toBe(40);
    expect(sampling?.top_p).toBeCloseTo(0.95, 4);
  });

  it('differs in its digest wherever its content differs', () => {
    const identity = (changes: Partial<ImageInput> = {}) =>
      readImageHeader(image(changes))?.contentHash;
    const others: Partial<ImageInput>[] = [
      { sampling: { temperature: 0.7, top_k: 40, top_p: 0.95 } },
      { sampling: { temperature: 0.8, top_k: 41, top_p: 0.95 } },
      { sampling: { temperature: 0.8, top_k: 40, top_p: 0.9 } },
      { tokenizerHash: new Uint8Array(8).fill(1) },
      { tokenizer: { ...input.tokenizer, eosId: 1 } },
      { weights: initialWeights(architecture, 2) },
    ];
    const hashes = new Set([identity(), ...others.map(identity)]);
    expect(hashes.size).toBe(1 + others.length);
    expect(identity()).toBe(identity());
  });

  it('lacks no tensor', () => {
    expect(() => image({ weights: new Map() })).toThrow('model.embed_tokens.weight');
  });
});

describe('quantisation', () => {
  const normal = normalFrom(seededRandom(4));
  const rows = 20;
  const columns = 33;
  const weights = Float32Array.from(
    { length: rows * columns },
    (_, i) => normal() * (1 + Math.floor(i / columns)),
  );

  it('keeps every weight within half a step of its row', () => {
    const { values, scales, exponent } = quantizeMatrix(weights, rows, columns, 'int8');
    weights.forEach((weight, i) => {
      const step = (scales[Math.floor(i / columns)] ?? 0) * 2 ** exponent;
      expect(Math.abs((values[i] ?? 0) * step - weight)).toBeLessThanOrEqual(step * 0.51);
    });
  });

  it('uses the whole range of int8 in every row', () => {
    const { values } = quantizeMatrix(weights, rows, columns, 'int8');
    for (let row = 0; row < rows; row++) {
      const slice = values.subarray(row * columns, (row + 1) * columns);
      expect(Math.max(...Array.from(slice, Math.abs))).toBe(127);
    }
  });

  it('leaves a row of zeros alone', () => {
    const { values, scales } = quantizeMatrix(new Float32Array(8), 2, 4, 'int8');
    expect([...values, ...scales]).toEqual(new Array(10).fill(0));
  });

  it('keeps fifteen bits of a vector', () => {
    const { values, exponent } = quantizeVector(weights);
    const step = 2 ** exponent;
    weights.forEach((weight, i) =>
      expect(Math.abs((values[i] ?? 0) * step - weight)).toBeLessThanOrEqual(step / 2),
    );
    expect(Math.max(...Array.from(values, Math.abs))).toBeGreaterThan(16_383);
  });

  it('gives scales sixteen bits', () => {
    for (const value of [1, 2, 0.999999, 3e-9, 65535.7, 1e12]) {
      const { mantissa, exponent } = toScale(value);
      expect(mantissa).toBeGreaterThanOrEqual(32_768);
      expect(mantissa).toBeLessThanOrEqual(65_535);
      expect(mantissa * 2 ** exponent).toBeCloseTo(value, 4 - Math.log10(value));
    }
  });
});
