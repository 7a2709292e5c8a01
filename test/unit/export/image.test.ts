import { buf as crc32 } from 'crc-32';
import { describe, expect, it } from 'vitest';
import { writeImage } from '../../../src/core/export/image';
import { withDefaults } from '../../../src/core/model/defaults';
import { initialWeights } from '../../../src/core/train/initialise';
import { quantizeMatrix, quantizeVector } from '../../../src/core/quant/matrix';
import { toScale } from '../../../src/core/quant/scale';
import { alphabetModel } from '../../../src/core/tokenizer/model';
import { normalFrom, seededRandom } from '../../../src/core/random';
import { WasmEngine } from '../../../src/node/wasm/engine';

const { architecture } = withDefaults(
  {
    version: 1,
    architecture: {
      ...{ vocab_size: 258, dim: 8, hidden_dim: 12, n_layers: 1, n_heads: 2, max_seq_len: 8 },
    },
  },
  'test',
);

function image(): Uint8Array {
  return writeImage({
    architecture,
    weights: initialWeights(architecture, 1),
    tokenizer: alphabetModel(
      'byte',
      Array.from({ length: 256 }, (_, byte) => byte),
    ),
    modelHash: new Uint8Array(8),
    tokenizerHash: new Uint8Array(8),
  });
}

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
    for (const length of [0, 4, 103, 104, bytes.length - 1]) {
      const open = WasmEngine.open(bytes.slice(0, length));
      await expect(open).rejects.toMatchObject({ code: 'image.invalid' });
    }
  });

  it.each<[string, (view: DataView) => void]>([
    ['a context that no memory holds', (view) => view.setUint16(48, 32_767, true)],
    ['more layers than it has tensors', (view) => view.setUint16(40, 255, true)],
    ['an endless factor', (view) => view.setInt32(92, 2_000_000_000, true)],
    ['a factor of too many bits', (view) => view.setUint32(96, 0x10000, true)],
    ['a tensor outside its section', (view) => view.setUint32(104, 0x7ffffff0, true)],
    ['a tokenizer outside the image', (view) => view.setUint32(64, 0xfffffffc, true)],
    ['a rotation that shifts the wrong way', (view) => view.setInt16(104 + 2 * 20 + 16, 99, true)],
    ['a head count of zero', (view) => view.setUint16(44, 0, true)],
  ])('is refused with %s, whatever its checksum', async (_, change) => {
    const bytes = image();
    const view = new DataView(bytes.buffer);
    change(view);
    view.setInt32(12, crc32(bytes.subarray(16)), true);
    await expect(WasmEngine.open(bytes)).rejects.toMatchObject({
      message: expect.stringContaining('impossible shape') as string,
    });
  });

  it('lacks no tensor', () => {
    expect(() =>
      writeImage({
        architecture,
        weights: new Map(),
        tokenizer: alphabetModel(
          'byte',
          Array.from({ length: 256 }, (_, byte) => byte),
        ),
        modelHash: new Uint8Array(8),
        tokenizerHash: new Uint8Array(8),
      }),
    ).toThrow('model.embed_tokens.weight');
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
    const { values, scales, exponent } = quantizeMatrix(weights, rows, columns);
    weights.forEach((weight, i) => {
      const step = (scales[Math.floor(i / columns)] ?? 0) * 2 ** exponent;
      expect(Math.abs((values[i] ?? 0) * step - weight)).toBeLessThanOrEqual(step * 0.51);
    });
  });

  it('uses the whole range of int8 in every row', () => {
    const { values } = quantizeMatrix(weights, rows, columns);
    for (let row = 0; row < rows; row++) {
      const slice = values.subarray(row * columns, (row + 1) * columns);
      expect(Math.max(...Array.from(slice, Math.abs))).toBe(127);
    }
  });

  it('leaves a row of zeros alone', () => {
    const { values, scales } = quantizeMatrix(new Float32Array(8), 2, 4);
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
