import type { Architecture } from '../../../src/core/model/config';
import {
  tensorFormats,
  type CacheFormat,
  type RowFormat,
  type WeightFormat,
} from '../../../src/core/model/formats';
import { ngramFormat, ngramRowBits } from '../../../src/core/model/ngram';
import { ngramRow, recentTokens } from '../../../src/core/model/ngram-hash';
import type { NgramTarget } from '../../../src/core/model/options';
import { tensorName, type TensorSlot } from '../../../src/core/model/tensor-table';
import { quantizeMatrix } from '../../../src/core/quant/matrix';
import { quantizeRows, scaleOfByte } from '../../../src/core/quant/rows';
import {
  classifierName,
  embeddingName,
  finalNormName,
  layerTensorNames,
  normEpsilon,
  positionName,
  ropeTheta,
  tensorSpecs,
} from '../../../src/core/model/tensors';

/**
 * The model in float64, written for clarity: one token vector at a time, no caching, no gradients.
 * The kernels are held to its loss; their gradients to finite differences of it.
 */
export type ReferenceWeights = ReadonlyMap<string, Float64Array>;

type Vector = number[];

export interface ReferenceOptions {
  /** Quantised arithmetic; one instance for one loss. */
  quantizer?: Quantizer | undefined;
  /** Targets before this position do not count. */
  scoreFrom?: number;
}

export function toFloat64(weights: ReadonlyMap<string, Float32Array>): Map<string, Float64Array> {
  return new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function peak(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** A matrix of float32 rounded to int8: the exporter's numbers, as reals. */
export function storedValues(
  weights: ArrayLike<number>,
  columns: number,
  format: WeightFormat = 'int8',
): Float64Array {
  const rows = weights.length / columns;
  const { values, scales, exponent } = quantizeMatrix(
    Float32Array.from(weights),
    rows,
    columns,
    format,
  );
  return Float64Array.from(
    values,
    (value, i) => value * (scales[Math.floor(i / columns)] ?? 0) * 2 ** exponent,
  );
}

/** Rows of an n-gram table as the exporter stores them, as reals. */
export function storedRows(
  weights: ArrayLike<number>,
  columns: number,
  format: RowFormat,
): Float64Array {
  const table = Float32Array.from(weights);
  const { values, scales } = quantizeRows(table, table.length / columns, columns, format);
  return Float64Array.from(
    values,
    (value, i) => value * scaleOfByte(scales[Math.floor(i / columns)] ?? 0),
  );
}

/** Rounding errors in the order in which values are quantised. */
type RoundingErrors = Vector[];

/** What a vector is multiplied with: a matrix; or, for each head, keys, queries, or weights. */
export type VectorUse = 'input' | 'query' | 'key' | 'value';

type CachedUse = 'key' | 'value';

/** Quantises the vectors of one loss, in the order in which they come. */
export interface Quantizer {
  quantize(values: Vector, use: 'input' | 'query'): Vector;
  /** The vectors that a head has cached, as the query of the last position finds them. */
  cache(vectors: readonly Vector[], use: CachedUse): Vector[];
  /** Stored numbers in the place of a row. */
  replace(row: ArrayLike<number>, stored: ArrayLike<number>): Vector;
}

/**
 * Step in which the engine rounds a vector. Those of heads are powers of two, with which a query's
 * and a key's norms multiply to 2^15 at most; see firmware/engine/attention_kernel.h.
 */
function deviceStep(values: Vector, use: VectorUse, cache: CacheFormat): number {
  if (use === 'input') return peak(values) / 127;
  const largest = use === 'query' ? 127 : tensorFormats[cache].peak;
  const least = Math.max(
    peak(values) / largest,
    Math.hypot(...values) / normLimit(values, use, cache),
  );
  return least > 0 ? 2 ** Math.ceil(Math.log2(least)) : 0;
}

/** An int4 key is short enough for a longer query, unless it has many elements. */
function normLimit({ length }: Vector, use: VectorUse, cache: CacheFormat): number {
  if (use === 'value') return Infinity;
  const root = Math.ceil(Math.sqrt(length));
  const rounding = Math.floor((root + 1) / 2);
  const longest = tensorFormats.int4.peak * root;
  if (cache === 'int8' || longest >= 181) return 181 - rounding;
  return use === 'key' ? Infinity : Math.min(255, Math.floor((2 ** 15 - 1) / longest) - rounding);
}

/**
 * Adds the average effect of rounding to int8: an error anywhere within half a step of the scale,
 * whatever the value. Its effect on the logits is that of any correct rounding. The weights stay as
 * they are.
 *
 * @param uniform numbers from 0 to 1
 */
export function roundingNoise(uniform: () => number, cache: CacheFormat = 'int8'): Quantizer {
  const noisy = (values: Vector, units: Vector, step: number) =>
    values.map((value, i) => value + (units[i] ?? 0) * step);
  const draw = (values: Vector) => values.map(() => uniform() - 0.5);
  // A cached vector has one error, in whatever steps a query finds it.
  const known = new WeakMap<Vector, { units: Vector; least: number; step: number; as: Vector }>();
  function memory(vector: Vector, use: CachedUse) {
    const found = known.get(vector) ?? {
      ...{ units: draw(vector), least: deviceStep(vector, use, cache), step: 0, as: vector },
    };
    known.set(vector, found);
    return found;
  }
  return {
    replace: (row) => Array.from(row),
    quantize: (values, use) => noisy(values, draw(values), deviceStep(values, use, cache)),
    cache(vectors, use) {
      const memories = vectors.map((vector) => memory(vector, use));
      const step = memories.reduce((most, { least }) => Math.max(most, least), 0);
      return memories.map((each, position) => {
        if (each.step !== step) {
          each.as = noisy(vectors[position] ?? [], each.units, step);
          each.step = step;
        }
        return each.as;
      });
    },
  };
}

const roundedTo = (values: ArrayLike<number>, step: number): Vector =>
  Array.from(values, (value) => (step === 0 ? 0 : Math.floor(value / step + 0.5) * step));

/** Quantises, and records the rounding errors on request. */
export function roundingQuantizer(
  errors: RoundingErrors = [],
  cache: CacheFormat = 'int8',
): Quantizer {
  const note = (values: ArrayLike<number>, rounded: Vector): Vector => {
    errors.push(rounded.map((value, i) => value - (values[i] ?? 0)));
    return rounded;
  };
  return {
    quantize: (values, use) => note(values, roundedTo(values, deviceStep(values, use, cache))),
    cache(vectors, use) {
      let step = 0;
      let cached: Vector[] = [];
      for (const vector of vectors) {
        const least = deviceStep(vector, use, cache);
        if (least > step) {
          step = least;
          cached = cached.map((earlier) => roundedTo(earlier, step));
        }
        cached.push(roundedTo(vector, step));
      }
      return cached.map((rounded, position) => note(vectors[position] ?? [], rounded));
    },
    replace: (row, stored) => note(row, Array.from(stored)),
  };
}

/**
 * Adds recorded rounding errors, as constants. The straight-through estimator is defined as the
 * gradient of this smooth function.
 */
export function straightThrough(errors: RoundingErrors): Quantizer {
  let next = 0;
  const add = (values: ArrayLike<number>): Vector => {
    const error = errors[next++] ?? [];
    return Array.from(values, (value, i) => value + (error[i] ?? 0));
  };
  return { quantize: add, replace: add, cache: (vectors) => vectors.map(add) };
}

function normalise(kind: Architecture['norm'], x: Vector, gain: Float64Array): Vector {
  const mean = kind === 'layernorm' ? x.reduce((sum, value) => sum + value, 0) / x.length : 0;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + normEpsilon)) * (gain[i] ?? 0));
}

const activations: Record<Architecture['activation'], (x: number) => number> = {
  silu: (x) => x / (1 + Math.exp(-x)),
  relu: (x) => Math.max(0, x),
  relu2: (x) => Math.max(0, x) ** 2,
  gelu: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

/** Turns feature i with feature i + floor(length / 2); an odd last feature stays. */
function rotate(head: Vector, position: number): Vector {
  const half = Math.floor(head.length / 2);
  const turned = [...head];
  for (let i = 0; i < half; i++) {
    const angle = position * ropeTheta ** ((-2 * i) / head.length);
    const [a = 0, b = 0] = [head[i], head[i + half]];
    turned[i] = a * Math.cos(angle) - b * Math.sin(angle);
    turned[i + half] = b * Math.cos(angle) + a * Math.sin(angle);
  }
  return turned;
}

function softmax(scores: Vector): Vector {
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

class Reference {
  private readonly columns: ReadonlyMap<string, number>;
  private readonly quantizedRows = new Map<string, Vector>();
  private readonly storedMatrices = new Map<string, Float64Array>();
  private tokens: readonly number[] = [];

  constructor(
    private readonly shape: Architecture,
    private readonly weights: ReferenceWeights,
    private readonly quantizer: Quantizer | undefined,
  ) {
    this.columns = new Map(tensorSpecs(shape).map((spec) => [spec.name, spec.shape.at(-1) ?? 1]));
  }

  private tensor(name: string): Float64Array {
    const values = this.weights.get(name);
    if (!values) throw new Error(`no tensor ${name}`);
    return values;
  }

  /** A row of a matrix, quantised by the exporter's rule when quantisation is on. */
  private row(name: string, index: number): ArrayLike<number> {
    const width = this.columns.get(name) ?? 1;
    const row = this.tensor(name).subarray(index * width, (index + 1) * width);
    if (!this.quantizer) return row;
    const key = `${name}:${index}`;
    const stored = this.storedMatrix(name).subarray(index * width, (index + 1) * width);
    const known = this.quantizedRows.get(key) ?? this.quantizer.replace(row, stored);
    this.quantizedRows.set(key, known);
    return known;
  }

  private storedMatrix(name: string): Float64Array {
    const width = this.columns.get(name) ?? 1;
    const { ngram_tables: tables } = this.shape;
    const known =
      this.storedMatrices.get(name) ??
      (tables && name.includes('.ngram_')
        ? storedRows(this.tensor(name), width, ngramFormat(tables))
        : storedValues(this.tensor(name), width));
    this.storedMatrices.set(name, known);
    return known;
  }

  private input(values: Vector): Vector {
    return this.quantizer?.quantize(values, 'input') ?? values;
  }

  private project(name: string, input: Vector): Vector {
    const rows = this.tensor(name).length / input.length;
    return Array.from({ length: rows }, (_, index) => dot(this.row(name, index), input));
  }

  /** Divides projections into heads: by position, then by head. */
  private heads(projections: Vector[], isRotated: boolean): Vector[][] {
    const { head_dim, position } = this.shape;
    return projections.map((values, t) =>
      Array.from({ length: values.length / head_dim }, (_, head) => {
        const plain = values.slice(head * head_dim, (head + 1) * head_dim);
        return isRotated && position === 'rope' ? rotate(plain, t) : plain;
      }),
    );
  }

  /** What a query at position t finds of each head: by head, then by position. */
  private cached(heads: readonly Vector[][], use: CachedUse, t: number): Vector[][] {
    return (heads[t] ?? []).map((_, head) => {
      const vectors = heads.slice(0, t + 1).map((vector) => vector[head] ?? []);
      return this.quantizer?.cache(vectors, use) ?? vectors;
    });
  }

  /** Adds the rows that the last tokens pick to the first elements of a layer's vectors. */
  private withRows(layer: number, into: NgramTarget, vectors: Vector[]): Vector[] {
    const { ngram_tables: tables } = this.shape;
    if (tables?.into !== into || !tables.layers.includes(layer)) return vectors;
    return vectors.map((vector, t) =>
      tables.orders.reduce((sum, order) => {
        const recent = recentTokens(this.tokens, t, order);
        const name = tensorName(`ngram_${order}` as TensorSlot, layer);
        const row = this.row(name, ngramRow(layer, order, recent, ngramRowBits(tables)));
        return sum.map((value, i) => value + (row[i] ?? 0));
      }, vector),
    );
  }

  private attention(layer: number, before: Vector[]): Vector[] {
    const stream = this.withRows(layer, 'residual', before);
    const names = layerTensorNames(layer);
    const { n_heads, n_kv_heads, head_dim, norm } = this.shape;
    const inputs = stream.map((x) =>
      this.input(normalise(norm, x, this.tensor(names.attentionNorm))),
    );
    const projected = (name: string) => inputs.map((x) => this.project(name, x));
    const heads = (name: string, isRotated: boolean) => this.heads(projected(name), isRotated);
    const queries = heads(names.query, true).map((vectors) =>
      vectors.map((vector) => this.quantizer?.quantize(vector, 'query') ?? vector),
    );
    const keys = heads(names.key, true);
    const values = this.heads(this.withRows(layer, 'values', projected(names.value)), false);
    return stream.map((x, t) => {
      const cachedKeys = this.cached(keys, 'key', t);
      const cachedValues = this.cached(values, 'value', t);
      const attended: Vector = [];
      for (let head = 0; head < n_heads; head++) {
        const group = Math.floor(head / (n_heads / n_kv_heads));
        const past = Array.from({ length: t + 1 }, (_, s) => s);
        const weights = softmax(
          past.map(
            (s) =>
              dot(queries[t]?.[head] ?? [], cachedKeys[group]?.[s] ?? []) / Math.sqrt(head_dim),
          ),
        );
        for (let i = 0; i < head_dim; i++) {
          attended.push(
            past.reduce(
              (sum, s) => sum + (weights[s] ?? 0) * (cachedValues[group]?.[s]?.[i] ?? 0),
              0,
            ),
          );
        }
      }
      const output = this.project(names.output, this.input(attended));
      return x.map((value, i) => value + (output[i] ?? 0));
    });
  }

  private feedForward(layer: number, x: Vector): Vector {
    const names = layerTensorNames(layer);
    const activate = activations[this.shape.activation];
    const input = this.input(normalise(this.shape.norm, x, this.tensor(names.ffnNorm)));
    const up = this.project(names.up, input);
    const gate = this.shape.gated ? this.project(names.gate, input) : undefined;
    const hidden = up.map((value, i) => (gate ? activate(gate[i] ?? 0) * value : activate(value)));
    const output = this.project(names.down, this.input(hidden));
    return x.map((value, i) => value + (output[i] ?? 0));
  }

  /** Logits of every position. */
  logits(tokens: readonly number[]): Vector[] {
    this.tokens = tokens;
    let stream = tokens.map((token, t) => {
      const row = Array.from(this.row(embeddingName, token));
      if (this.shape.position !== 'learned') return row;
      const place = this.row(positionName, t);
      return row.map((value, i) => value + (place[i] ?? 0));
    });
    for (let layer = 0; layer < this.shape.n_layers; layer++) {
      stream = this.attention(layer, stream).map((x) => this.feedForward(layer, x));
    }
    const classifier = this.shape.tie_embeddings ? embeddingName : classifierName;
    return stream.map((x) =>
      this.project(
        classifier,
        this.input(normalise(this.shape.norm, x, this.tensor(finalNormName))),
      ),
    );
  }
}

/** Logits of every position, [tokens][vocab_size]. */
export function referenceLogits(
  shape: Architecture,
  weights: ReferenceWeights,
  tokens: readonly number[],
  quantizer?: Quantizer,
): number[][] {
  return new Reference(shape, weights, quantizer).logits(tokens);
}

/** Sum over the scored targets of -ln p(target), nats; tokens are inputs and one more. */
export function referenceLoss(
  shape: Architecture,
  weights: ReferenceWeights,
  tokens: ArrayLike<number>,
  { quantizer, scoreFrom = 0 }: ReferenceOptions = {},
): number {
  const ids = Array.from(tokens);
  const logits = new Reference(shape, weights, quantizer).logits(ids.slice(0, -1));
  return logits.reduce((sum, scores, t) => {
    if (t < scoreFrom) return sum;
    const largest = Math.max(...scores);
    const total = scores.reduce((all, score) => all + Math.exp(score - largest), 0);
    return sum + Math.log(total) + largest - (scores[ids[t + 1] ?? 0] ?? 0);
  }, 0);
}

/** Central difference of a loss along one of the values it depends on. */
export function slopeAt(values: Float64Array, index: number, loss: () => number): number {
  const step = 1e-5;
  const value = values[index] ?? 0;
  values[index] = value + step;
  const above = loss();
  values[index] = value - step;
  const below = loss();
  values[index] = value;
  return (above - below) / (2 * step);
}
