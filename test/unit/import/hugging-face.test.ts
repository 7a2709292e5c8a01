import { describe, expect, it } from 'vitest';
import { readHuggingFaceModel } from '../../../src/core/import/hugging-face';
import { halfSplit } from '../../../src/core/import/rope-pairs';
import { serialiseSafetensors, type Tensor } from '../../../src/core/train/safetensors';
import { evaluateWeights } from '../../../src/node/train/evaluate';
import { randomLlama, type Llama, type Sizes } from './llama2c-file';
import { nextTokenNats } from './llama2c-forward';

const sizes: Sizes = {
  ...{ dim: 16, hidden_dim: 20, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
  ...{ vocab_size: 30, seq_len: 32, shared: false },
};
const tokens = [1, 5, 7, 3, 29, 14, 8, 8, 2, 11, 6, 20, 1];

const config = {
  ...{ model_type: 'llama', hidden_size: 16, intermediate_size: 20, num_hidden_layers: 2 },
  ...{ num_attention_heads: 4, num_key_value_heads: 2, vocab_size: 30 },
  ...{ max_position_embeddings: 32, rms_norm_eps: 1e-5, rope_theta: 10_000.0, hidden_act: 'silu' },
  ...{ tie_word_embeddings: false, attention_bias: false, bos_token_id: 1, eos_token_id: 1 },
};

/** The tensors under the names of Hugging Face's library, whose rotary pairs are halves. */
function tensorsOf(llama: Llama): Map<string, Tensor> {
  const { dim, hidden_dim, n_heads, n_kv_heads, vocab_size, shared } = llama.sizes;
  const width = dim / n_heads;
  const tensors = new Map<string, Tensor>();
  const set = (name: string, data: Float32Array, ...shape: number[]) =>
    tensors.set(name, { data, shape });
  set('model.embed_tokens.weight', llama.tok, vocab_size, dim);
  llama.wq.forEach((_, i) => {
    const layer = (name: string) => `model.layers.${i}.${name}.weight`;
    const kv = width * n_kv_heads;
    set(layer('input_layernorm'), llama.rmsAtt[i]!, dim);
    set(layer('self_attn.q_proj'), halfSplit(llama.wq[i]!, width, dim), dim, dim);
    set(layer('self_attn.k_proj'), halfSplit(llama.wk[i]!, width, dim), kv, dim);
    set(layer('self_attn.v_proj'), llama.wv[i]!, kv, dim);
    set(layer('self_attn.o_proj'), llama.wo[i]!, dim, dim);
    set(layer('post_attention_layernorm'), llama.rmsFfn[i]!, dim);
    set(layer('mlp.gate_proj'), llama.w1[i]!, hidden_dim, dim);
    set(layer('mlp.up_proj'), llama.w3[i]!, hidden_dim, dim);
    set(layer('mlp.down_proj'), llama.w2[i]!, dim, hidden_dim);
  });
  set('model.norm.weight', llama.rmsFinal, dim);
  if (!shared) set('lm_head.weight', llama.wcls, vocab_size, dim);
  return tensors;
}

const bytesOf = (tensors: Map<string, Tensor>) =>
  serialiseSafetensors({ tensors, metadata: new Map([['format', 'pt']]) });

function read(llama: Llama, changes: object = {}, tensors = tensorsOf(llama)) {
  return readHuggingFaceModel(bytesOf(tensors), JSON.stringify({ ...config, ...changes }));
}

const original = randomLlama(sizes, 2);

describe('a Llama of Hugging Face', () => {
  it.each([false, true])(
    'gives the loss of the original; shared classifier: %s',
    async (shared) => {
      const llama = { ...original, sizes: { ...sizes, shared } };
      const { value, problems } = read(llama, { tie_word_embeddings: shared });
      expect(problems).toEqual([]);
      expect(value).toMatchObject({ format: 'Hugging Face Llama', endOfText: 1 });
      const { architecture, weights } = value!;
      expect(architecture.tie_embeddings).toBe(shared);
      const windows = [{ tokens: Uint16Array.from(tokens), scoreFrom: 0 }];
      const [nats = NaN] = await evaluateWeights({ architecture, weights, windows, threads: 1 });
      const wanted = nextTokenNats(llama, tokens).reduce((sum, each) => sum + each, 0);
      expect(Math.abs(nats / wanted - 1)).toBeLessThan(1e-5);
    },
  );

  it('shares the embedding where the file has no classifier', () => {
    const { value } = read({ ...original, sizes: { ...sizes, shared: true } });
    expect(value?.architecture.tie_embeddings).toBe(true);
  });

  it('lets one token begin and end texts', () => {
    const { value, problems } = read(original, { bos_token_id: 3, eos_token_id: 7 });
    expect(problems).toEqual([]);
    expect(value?.endOfText).toBe(3);
    const row = (matrix: Float32Array, id: number) => [...matrix.subarray(id * 16, (id + 1) * 16)];
    const classifier = value!.weights.get('lm_head.weight')!;
    expect(row(classifier, 3)).toEqual(row(original.wcls, 7));
    expect(row(classifier, 7)).toEqual(row(original.wcls, 3));
    expect(row(classifier, 4)).toEqual(row(original.wcls, 4));
    const tied = read(
      { ...original, sizes: { ...sizes, shared: true } },
      { tie_word_embeddings: true, bos_token_id: 3, eos_token_id: 7 },
    );
    expect(tied.problems).toMatchObject([{ code: 'import.two-ends', severity: 'warning' }]);
  });

  it('says that its norms add another epsilon', () => {
    const { value, problems } = read(original, { rms_norm_eps: 1e-6 });
    expect(value).toBeDefined();
    expect(problems).toMatchObject([{ code: 'import.epsilon', severity: 'warning' }]);
  });

  it.each([
    ['another architecture', { model_type: 'gpt_neox' }, /gpt_neox/],
    ['another activation', { hidden_act: 'gelu' }, /gelu/],
    ['biases of attention', { attention_bias: true }, /attention_bias/],
    ['biases of the feed-forward part', { mlp_bias: true }, /mlp_bias/],
    ['scaled positions', { rope_scaling: { rope_type: 'llama3', factor: 8 } }, /llama3/],
    ['another base', { rope_theta: 500_000 }, /500000/],
    [
      'another base in the new place',
      { rope_theta: undefined, rope_parameters: { rope_theta: 5e5 } },
      /500000/,
    ],
    ['a window', { sliding_window: 16 }, /sliding_window/],
    ['quantised weights', { quantization_config: { bits: 4 } }, /quantis/],
    ['a large epsilon', { rms_norm_eps: 0.01 }, /rms_norm_eps/],
    ['no size', { hidden_size: undefined }, /hidden_size/],
    ['a broken size', { num_hidden_layers: -2 }, /num_hidden_layers/],
    [
      'other sizes than the file has',
      { intermediate_size: 24 },
      /\[20, 16\]; by config.json it is \[24, 16\]/,
    ],
    ['billions of layers', { num_hidden_layers: 2_000_000_000 }, /n_layers 2,000,000,000; .* 255/],
    ['more layers than the file has', { num_hidden_layers: 3 }, /no tensor model.layers.2/],
    ['fewer layers than the file has', { num_hidden_layers: 1 }, /a tensor model.layers.1/],
  ])('is refused for %s', (_, changes, message) => {
    const { value, problems } = read(original, changes);
    expect(value).toBeUndefined();
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.code).toMatch(/^import\./);
    expect(problems[0]?.fix).toBeTruthy();
  });

  it('is refused with biases, weights that are not finite, and cut short', () => {
    const biased = tensorsOf(original);
    biased.set('model.layers.0.self_attn.q_proj.bias', { data: new Float32Array(16), shape: [16] });
    expect(read(original, {}, biased).problems[0]?.message).toMatch(/biases .*q_proj.bias/);
    const broken = tensorsOf(original);
    broken.set('model.norm.weight', { data: new Float32Array(16).fill(NaN), shape: [16] });
    expect(read(original, {}, broken).problems[0]?.code).toBe('import.not-finite');
    const bytes = bytesOf(tensorsOf(original));
    const cut = readHuggingFaceModel(bytes.subarray(0, -8), JSON.stringify(config));
    expect(cut.problems[0]?.code).toBe('import.truncated');
    const noJson = readHuggingFaceModel(bytes, '{');
    expect(noJson.problems[0]?.code).toBe('import.config');
  });
});
