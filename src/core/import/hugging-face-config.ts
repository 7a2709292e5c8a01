import type { Architecture } from '../model/config';
import type { Activation } from '../model/options';
import { normEpsilon, ropeTheta } from '../model/tensors';
import { asRecord, type JsonRecord } from '../tokenizer/json';
import { hasErrors, type Checked, type Problem } from '../problem';
import { difference, llamaOptions, oversized, refusal, refused } from './imported';

export interface HuggingFaceConfig {
  architecture: Architecture;
  /** Token that begins a text, and the one that ends it; undefined where the file does not say. */
  bos: number | undefined;
  eos: number | undefined;
}

const activations: Readonly<Record<string, Activation>> = {
  silu: 'silu',
  swish: 'silu',
  relu: 'relu',
};

/** Norms of ordinary models are so far above their epsilon that one below this does not show. */
const largestEpsilon = 1e-4;

/** Reads the config.json of a Llama of Hugging Face's library. */
export function readHuggingFaceConfig(text: string): Checked<HuggingFaceConfig> {
  let config: JsonRecord | undefined;
  try {
    config = asRecord(JSON.parse(text));
  } catch {
    config = undefined;
  }
  if (!config) return refused('config', 'config.json is no JSON object.', wholeModel);
  const problems = [...unsupported(config), ...differences(config)];
  const sizes = readSizes(config);
  problems.push(...sizes.problems);
  if (!sizes.value || hasErrors(problems)) return { value: undefined, problems };
  const architecture: Architecture = {
    ...sizes.value,
    ...llamaOptions,
    activation: activations[textAt(config, 'hidden_act') ?? 'silu'] ?? 'silu',
    // The library's default for Llama.
    tie_embeddings: config.tie_word_embeddings === true,
  };
  return {
    value: { architecture, bos: idAt(config, 'bos_token_id'), eos: idAt(config, 'eos_token_id') },
    problems,
  };
}

const wholeModel = 'Put the config.json of the model beside the checkpoint.';
const llamaOnly = 'Import a model of the architecture of Llama.';

function readSizes(config: JsonRecord) {
  const problems: Problem[] = [];
  const size = (name: string, fallback?: number): number => {
    const value = config[name] ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
    problems.push(refusal('config', `config.json has no whole ${name} above 0.`, wholeModel));
    return 1;
  };
  const dim = size('hidden_size');
  const n_heads = size('num_attention_heads');
  const tensorSizes = {
    ...{ vocab_size: size('vocab_size'), dim, hidden_dim: size('intermediate_size') },
    ...{ n_layers: size('num_hidden_layers'), n_heads },
    n_kv_heads: size('num_key_value_heads', n_heads),
    head_dim: size('head_dim', Math.floor(dim / n_heads)),
  };
  const value = { ...tensorSizes, max_seq_len: size('max_position_embeddings') };
  const tooLarge = problems.length === 0 ? oversized(tensorSizes) : undefined;
  if (tooLarge) problems.push(tooLarge);
  if (value.head_dim % 2 !== 0) {
    problems.push(
      refusal('config', `Heads of ${value.head_dim} have no whole rotary pairs.`, llamaOnly),
    );
  }
  return { value: problems.length > 0 ? undefined : value, problems };
}

/** Parts of a configuration that the engine does not have. */
function unsupported(config: JsonRecord): Problem[] {
  const problems: Problem[] = [];
  const refuse = (what: string) =>
    problems.push(refusal('unsupported', `${what}, which the engine cannot compute.`, llamaOnly));
  const kind = textAt(config, 'model_type');
  if (kind !== undefined && kind !== 'llama') refuse(`config.json describes a ${kind} model`);
  const activation = textAt(config, 'hidden_act') ?? 'silu';
  if (!Object.hasOwn(activations, activation)) refuse(`The activation is ${activation}`);
  for (const name of ['attention_bias', 'mlp_bias']) {
    if (config[name] === true) refuse(`The model has biases (${name})`);
  }
  if (config.quantization_config) refuse('The weights are quantised (quantization_config)');
  const rope = asRecord(config.rope_parameters) ?? asRecord(config.rope_scaling);
  const scaling = rope?.rope_type ?? rope?.type ?? 'default';
  if (scaling !== 'default') refuse(`Positions are scaled (rope_scaling ${String(scaling)})`);
  const theta = config.rope_theta ?? rope?.rope_theta ?? ropeTheta;
  if (theta !== ropeTheta)
    refuse(`The base of the rotations is ${String(theta)} (rope_theta), not 10000`);
  const share = config.partial_rotary_factor ?? rope?.partial_rotary_factor ?? 1;
  if (share !== 1) refuse(`Only ${String(share)} of a head is rotated (partial_rotary_factor)`);
  const window = config.sliding_window;
  if (typeof window === 'number' && config.use_sliding_window !== false) {
    refuse(`Attention sees ${window} positions at a time (sliding_window)`);
  }
  const epsilon = config.rms_norm_eps ?? normEpsilon;
  if (typeof epsilon !== 'number' || epsilon > largestEpsilon || epsilon < 0) {
    refuse(`The norms add ${String(epsilon)} (rms_norm_eps)`);
  }
  return problems;
}

function differences(config: JsonRecord): Problem[] {
  const epsilon = config.rms_norm_eps ?? normEpsilon;
  if (epsilon === normEpsilon) return [];
  return [
    difference(
      'epsilon',
      `The norms of the model add ${String(epsilon)} (rms_norm_eps), those here ${normEpsilon}.`,
      'Compare its bits per byte with those that its authors give.',
    ),
  ];
}

function textAt(config: JsonRecord, name: string): string | undefined {
  const value = config[name];
  return typeof value === 'string' ? value : undefined;
}

/** Some models have several ends; the first is the usual one. */
function idAt(config: JsonRecord, name: string): number | undefined {
  const value: unknown = Array.isArray(config[name]) ? config[name][0] : config[name];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}
