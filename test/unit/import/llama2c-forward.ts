import type { Llama } from './llama2c-file';

/** The forward pass of llama2.c in float64: -ln p of each next token. Neighbours are rotary pairs. */
export function nextTokenNats(llama: Llama, tokens: readonly number[]): number[] {
  const { sizes, tok, rmsAtt, wq, wk, wv, wo, rmsFfn, w1, w2, w3, rmsFinal, wcls } = llama;
  const { dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, shared } = sizes;
  const width = dim / n_heads;
  const keys = width * n_kv_heads;
  const cachedKeys = Array.from({ length: n_layers }, () => [] as number[][]);
  const cachedValues = Array.from({ length: n_layers }, () => [] as number[][]);
  const nats: number[] = [];
  for (let position = 0; position + 1 < tokens.length; position++) {
    const row = tokens[position]! * dim;
    let x = [...tok.subarray(row, row + dim)];
    for (let layer = 0; layer < n_layers; layer++) {
      const normed = norm(x, rmsAtt[layer]!);
      const q = times(wq[layer]!, normed, dim);
      const k = times(wk[layer]!, normed, keys);
      rotate(q, width, position);
      rotate(k, width, position);
      cachedKeys[layer]!.push(k);
      cachedValues[layer]!.push(times(wv[layer]!, normed, keys));
      const attended: number[] = [];
      for (let head = 0; head < n_heads; head++) {
        const shift = Math.floor(head / (n_heads / n_kv_heads)) * width;
        const scores = cachedKeys[layer]!.map(
          (key) => sum(width, (i) => q[head * width + i]! * key[shift + i]!) / Math.sqrt(width),
        );
        const weights = softmax(scores);
        for (let i = 0; i < width; i++) {
          attended.push(
            sum(weights.length, (t) => weights[t]! * cachedValues[layer]![t]![shift + i]!),
          );
        }
      }
      x = plus(x, times(wo[layer]!, attended, dim));
      const inner = norm(x, rmsFfn[layer]!);
      const gate = times(w1[layer]!, inner, hidden_dim);
      const up = times(w3[layer]!, inner, hidden_dim);
      const hidden = gate.map((value, i) => (value / (1 + Math.exp(-value))) * up[i]!);
      x = plus(x, times(w2[layer]!, hidden, dim));
    }
    const logits = times(shared ? tok : wcls, norm(x, rmsFinal), vocab_size);
    nats.push(-Math.log(softmax(logits)[tokens[position + 1]!]!));
  }
  return nats;
}

function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

function times(matrix: Float32Array, vector: readonly number[], rows: number): number[] {
  const columns = vector.length;
  return Array.from({ length: rows }, (_, row) =>
    sum(columns, (i) => matrix[row * columns + i]! * vector[i]!),
  );
}

function plus(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + b[i]!);
}

function norm(x: readonly number[], gain: Float32Array): number[] {
  const scale = 1 / Math.sqrt(sum(x.length, (i) => x[i]! * x[i]!) / x.length + 1e-5);
  return x.map((value, i) => value * scale * gain[i]!);
}

function rotate(vector: number[], width: number, position: number): void {
  for (let i = 0; i < vector.length; i += 2) {
    const angle = position * 10_000 ** (-(i % width) / width);
    const [a, b] = [vector[i]!, vector[i + 1]!];
    vector[i] = a * Math.cos(angle) - b * Math.sin(angle);
    vector[i + 1] = a * Math.sin(angle) + b * Math.cos(angle);
  }
}

function softmax(scores: readonly number[]): number[] {
  const peak = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - peak));
  const total = sum(powers.length, (i) => powers[i]!);
  return powers.map((power) => power / total);
}
