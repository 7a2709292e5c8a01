import { expect, test } from 'vitest';
import type { MatrixFormats } from '../../../src/core/model/config';
import { withDefaults } from '../../../src/core/model/defaults';
import { matrixFormat } from '../../../src/core/model/matrix-formats';
import { elementCount, tensorSpecs } from '../../../src/core/model/tensors';
import { normalFrom, seededRandom } from '../../../src/core/random';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import { storedValues } from './reference';

/** Matrices of many shapes; the embedding is cut into several chunks. */
const { architecture } = withDefaults(
  {
    version: 1,
    architecture: {
      ...{ vocab_size: 1200, dim: 37, hidden_dim: 50, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
      ...{ max_seq_len: 8, position: 'learned', gated: true, tie_embeddings: false },
    },
  },
  'rounding',
);

const random = seededRandom(12);
const normal = normalFrom(random);
const smallest = 2 ** -149;
const largest = 3.4e38;

/** Kinds of rows, including absurd ones. */
const kinds: Record<string, (i: number, columns: number) => number> = {
  normal: () => normal(),
  small: () => normal() * 1e-6,
  zeros: () => 0,
  'negative zeros': () => -0,
  'subnormal numbers': () => Math.round(normal() * 50) * smallest,
  'the smallest number': () => smallest,
  'large numbers': () => normal() * 1e30,
  // Halves of a step, for a peak that makes the scale 1: ties of both signs.
  ties: (i) => (i === 0 ? 127 : (i % 254) - 126.5),
  'a negative peak': (i) => (i === 0 ? -127 : (i % 200) - 99.5),
  'one value among zeros': (i) => (i === 3 ? -0.7 : 0),
  'all alike': () => -0.3,
  'next to a power of two': (i) => 2 ** (i % 5) * (1 + (i % 3 ? 2 ** -23 : -(2 ** -24))),
};

const formatChoices: readonly MatrixFormats[] = [
  { weights: 'int8' },
  { weights: 'int4' },
  { weights: 'ternary', tensors: { embedding: 'int8', down: 'int4' } },
];

/** Rows of the allowed kinds, whose sizes differ little or much. */
function weightsOf(allowed: readonly string[]): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  for (const spec of tensorSpecs(architecture)) {
    const columns = spec.shape.at(-1) ?? 1;
    const tensor = new Float32Array(elementCount(spec));
    for (let start = 0; start < tensor.length; start += columns) {
      const kind = kinds[allowed[Math.floor(random() * allowed.length)] ?? ''];
      for (let i = 0; i < columns; i++) tensor[start + i] = kind?.(i, columns) ?? 0;
    }
    weights.set(spec.name, tensor);
  }
  return weights;
}

test.each<[string, string[]]>([
  ...Object.keys(kinds).map((kind): [string, string[]] => [kind, [kind]]),
  ['rows of all kinds', Object.keys(kinds)],
  ['small rows beside large ones', ['small', 'normal', 'zeros']],
  ['ties beside random rows', ['ties', 'normal', 'a negative peak']],
])('the trainer rounds matrices as the exporter does: %s', async (_, allowed) => {
  for (const quantization of formatChoices) await expectEqualRounding(allowed, quantization);
});

async function expectEqualRounding(allowed: readonly string[], quantization: MatrixFormats) {
  const weights = weightsOf(allowed);
  // One value near the largest float.
  if (allowed.length > 5) weights.get('lm_head.weight')?.set([largest], 40);
  const kernels = await WasmKernels.create({
    ...{ architecture, quantization, batch: 1, context: 8, threads: 2 },
  });
  try {
    await kernels.writeParameters(weights);
    await kernels.evaluate([{ tokens: new Uint16Array([1, 2, 3]), scoreFrom: 0 }], 'device');
    const quantized = kernels.readQuantized();
    for (const spec of tensorSpecs(architecture)) {
      const trained = weights.get(spec.name) ?? new Float32Array();
      const columns = spec.shape.at(-1) ?? 1;
      const expected =
        spec.role === 'norm'
          ? trained
          : Float32Array.from(storedValues(trained, columns, matrixFormat(quantization, spec)));
      const found = quantized.get(spec.name) ?? new Float32Array();
      expect(found.length).toBe(expected.length);
      const strays = Array.from(expected.keys()).filter(
        (i) => found[i] !== expected[i] && !(Number.isNaN(found[i]) && Number.isNaN(expected[i])),
      );
      expect(
        strays.map((i) => [i, trained[i], found[i], expected[i]]),
        spec.name,
      ).toEqual([]);
    }
  } finally {
    await kernels.dispose();
  }
}
