import { expect, test } from 'vitest';
import { tensorSpecs } from '../../../src/core/model/tensors';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import { base, randomTokens, randomWeights } from './models';

const batch = 5;
const learningRate = 0.01;
const weightDecay = 0.1;

type Matrix = number[][];

const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    (b[0] ?? []).map((_, j) => row.reduce((sum, x, k) => sum + x * (b[k]?.[j] ?? 0), 0)),
  );
const transpose = (a: Matrix): Matrix => (a[0] ?? []).map((_, j) => a.map((row) => row[j] ?? 0));
const combine = (a: Matrix, x: number, b: Matrix, y: number): Matrix =>
  a.map((row, i) => row.map((value, j) => x * value + y * (b[i]?.[j] ?? 0)));

/** Five of Jordan's quintic steps, on the matrix divided by its norm. */
function orthogonalised(matrix: Matrix): Matrix {
  if (matrix.length > (matrix[0]?.length ?? 0)) return transpose(orthogonalised(transpose(matrix)));
  const norm = Math.sqrt(matrix.flat().reduce((sum, x) => sum + x * x, 0));
  let x = combine(matrix, 1 / (norm + 1e-7), matrix, 0);
  for (let iteration = 0; iteration < 5; iteration++) {
    const square = multiply(x, transpose(x));
    const polynomial = combine(square, -4.775, multiply(square, square), 2.0315);
    x = combine(x, 3.4445, multiply(polynomial, x), 1);
  }
  return x;
}

/** Elements [first, first + columns) of each row. */
function rowsOf(values: readonly number[], columns: number): Matrix {
  return Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns),
  );
}

test('Muon follows its definition over three steps, AdamW updates the rest', async () => {
  const kernels = await WasmKernels.create({
    architecture: base,
    optimizer: 'muon',
    batch,
    context: base.max_seq_len,
    weightDecay,
    threads: 2,
  });
  try {
    const weights = randomWeights(base);
    await kernels.writeParameters(weights);
    const expected = new Map([...weights].map(([name, values]) => [name, Array.from(values)]));
    const momentum = new Map<string, number[]>();
    for (let number = 1; number <= 3; number++) {
      const tokens = randomTokens(batch * (base.max_seq_len + 1), base.vocab_size, number);
      await kernels.runSteps([{ number, learningRate, arithmetic: 'float', tokens }]);
      const gradients = kernels.readGradients();
      for (const { name, role, shape } of matrices()) {
        const [rows = 1, columns = 1] = shape;
        const slopes = Array.from(gradients.get(name) ?? []);
        const before = momentum.get(name) ?? slopes.map(() => 0);
        const mean = slopes.map((slope, i) => 0.95 * (before[i] ?? 0) + 0.05 * slope);
        const ahead = slopes.map((slope, i) => 0.95 * (mean[i] ?? 0) + 0.05 * slope);
        const direction = orthogonalised(rowsOf(ahead, columns)).flat();
        const scale = 0.2 * Math.sqrt(Math.max(rows, columns));
        const values = expected.get(name) ?? [];
        momentum.set(name, mean);
        expected.set(
          name,
          values.map((value, i) => {
            return value - learningRate * (scale * (direction[i] ?? NaN) + weightDecay * value);
          }),
        );
        expect(role).not.toBe('norm');
      }
    }
    const trained = await kernels.readParameters();
    for (const { name } of matrices()) {
      trained.get(name)?.forEach((value, i) => {
        expect(Math.abs(value - (expected.get(name)?.[i] ?? NaN)), name).toBeLessThan(2e-5);
      });
    }
    const { first, second } = await kernels.readMoments();
    // The embedding is AdamW's: it alone keeps a mean of squares.
    expect(Math.max(...(second.get('model.embed_tokens.weight') ?? [0]))).toBeGreaterThan(0);
    for (const { name } of matrices()) {
      expect(Math.max(...(second.get(name) ?? [1])), name).toBe(0);
      expect(Math.max(...(first.get(name) ?? [0])), name).not.toBe(0);
    }
  } finally {
    await kernels.dispose();
  }
});

/** The matrices of the layers. */
function matrices() {
  return tensorSpecs(base).filter(
    ({ name, shape }) => name.includes('.layers.') && shape.length === 2,
  );
}
