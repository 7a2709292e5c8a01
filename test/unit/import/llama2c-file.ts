import { seededRandom } from '../tokenizer/samples';

/** The sizes of a checkpoint as llama2.c names them. */
export interface Sizes {
  dim: number;
  hidden_dim: number;
  n_layers: number;
  n_heads: number;
  n_kv_heads: number;
  vocab_size: number;
  seq_len: number;
  shared: boolean;
}

/** Weights in llama2.c's own arrangement: each matrix row-major, a list of one a layer. */
export interface Llama {
  sizes: Sizes;
  tok: Float32Array;
  rmsAtt: Float32Array[];
  wq: Float32Array[];
  wk: Float32Array[];
  wv: Float32Array[];
  wo: Float32Array[];
  rmsFfn: Float32Array[];
  w1: Float32Array[];
  w2: Float32Array[];
  w3: Float32Array[];
  rmsFinal: Float32Array;
  wcls: Float32Array;
}

export function randomLlama(sizes: Sizes, seed = 1): Llama {
  const random = seededRandom(seed);
  const matrix = (rows: number, columns: number) =>
    Float32Array.from(
      { length: rows * columns },
      () => (((random() - 0.5) * 1.6) / Math.sqrt(columns)) * 2,
    );
  const gain = (width: number) => Float32Array.from({ length: width }, () => 0.6 + random());
  const { dim, hidden_dim, n_layers, vocab_size, n_heads, n_kv_heads } = sizes;
  const keys = (dim / n_heads) * n_kv_heads;
  const each = (make: () => Float32Array) => Array.from({ length: n_layers }, make);
  return {
    sizes,
    tok: matrix(vocab_size, dim),
    rmsAtt: each(() => gain(dim)),
    wq: each(() => matrix(dim, dim)),
    wk: each(() => matrix(keys, dim)),
    wv: each(() => matrix(keys, dim)),
    wo: each(() => matrix(dim, dim)),
    rmsFfn: each(() => gain(dim)),
    w1: each(() => matrix(hidden_dim, dim)),
    w2: each(() => matrix(dim, hidden_dim)),
    w3: each(() => matrix(hidden_dim, dim)),
    rmsFinal: gain(dim),
    wcls: matrix(vocab_size, dim),
  };
}

/** Rounds the matrices to groups of int8, as llama2.c's export does before it writes version 2. */
export function grouped(llama: Llama, size: number): Llama {
  const round = (values: Float32Array) => {
    const { elements, scales } = quantised(values, size);
    return Float32Array.from(elements, (element, i) => element * scales[Math.floor(i / size)]!);
  };
  const { tok, wq, wk, wv, wo, w1, w2, w3, wcls } = llama;
  return {
    ...llama,
    ...{ tok: round(tok), wq: wq.map(round), wk: wk.map(round), wv: wv.map(round) },
    ...{ wo: wo.map(round), w1: w1.map(round), w2: w2.map(round), w3: w3.map(round) },
    wcls: round(wcls),
  };
}

function quantised(values: Float32Array, size: number) {
  const scales = Float32Array.from({ length: values.length / size }, (_, group) => {
    const of = values.subarray(group * size, (group + 1) * size);
    return of.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0) / 127;
  });
  const elements = Int8Array.from(values, (value, i) =>
    Math.round(value / scales[Math.floor(i / size)]!),
  );
  return { elements, scales };
}

const floats = (...arrays: Float32Array[]) =>
  Buffer.concat(
    arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)),
  );

/** Cosines or sines of each position, as version 0 stores them. */
function rotations({ seq_len, dim, n_heads }: Sizes, of: (angle: number) => number, theta: number) {
  const pairs = dim / n_heads / 2;
  return Float32Array.from({ length: seq_len * pairs }, (_, i) =>
    of(Math.floor(i / pairs) * theta ** ((-(i % pairs) * 2) / (2 * pairs))),
  );
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeInt32LE(value, 4 * i));
  return bytes;
}

function sizeWords({ dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, seq_len }: Sizes) {
  return [dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, seq_len];
}

/** The file that llama2.c's export.py writes. */
export function llama2cFile(
  llama: Llama,
  version: 0 | 1 | 2,
  groupSize = 4,
  theta = 10_000,
): Buffer {
  const { sizes, tok, rmsAtt, wq, wk, wv, wo, rmsFfn, w1, w2, w3, rmsFinal, wcls } = llama;
  const last = sizes.shared ? [] : [wcls];
  const header = sizeWords(sizes);
  if (version === 0) {
    header[5] = sizes.shared ? sizes.vocab_size : -sizes.vocab_size;
    return Buffer.concat([
      words(...header),
      floats(tok, ...rmsAtt, ...wq, ...wk, ...wv, ...wo, ...rmsFfn, ...w1, ...w2, ...w3, rmsFinal),
      floats(rotations(sizes, Math.cos, theta), rotations(sizes, Math.sin, theta), ...last),
    ]);
  }
  const start = Buffer.alloc(256);
  words(0x616b3432, version, ...header).copy(start);
  start[36] = sizes.shared ? 1 : 0;
  start.writeInt32LE(version === 2 ? groupSize : 0, 37);
  const matrices = [tok, ...wq, ...wk, ...wv, ...wo, ...w1, ...w2, ...w3, ...last];
  const norms = floats(...rmsAtt, ...rmsFfn, rmsFinal);
  if (version === 1) return Buffer.concat([start, norms, floats(...matrices)]);
  const groups = matrices.flatMap((matrix) => {
    const { elements, scales } = quantised(matrix, groupSize);
    return [Buffer.from(elements.buffer), floats(scales)];
  });
  return Buffer.concat([start, norms, ...groups]);
}
