import type { ModelFile } from './defaults';

export interface Preset {
  name: string;
  summary: string;
  file: ModelFile;
}

/** The shapes of the Starmind Pico study, whose models had more heads than dim. */
function study(
  name: string,
  summary: string,
  shape: Pick<
    ModelFile['architecture'],
    'vocab_size' | 'dim' | 'hidden_dim' | 'n_layers' | 'n_heads' | 'max_seq_len'
  >,
): Preset {
  // head_dim 2 is the least that rope can rotate; the study's dim / n_heads may be less.
  const head_dim = Math.max(2, Math.floor(shape.dim / shape.n_heads));
  return {
    name,
    summary,
    file: {
      version: 1,
      name,
      architecture: { ...shape, head_dim },
      tokenizer: { type: shape.vocab_size < 256 ? 'char' : 'bpe' },
      training: { minutes: 2, batch: 64, learning_rate: 0.006 },
    },
  };
}

export const presets: readonly Preset[] = [
  {
    name: 'demo',
    summary: 'From nothing: short stories after two minutes of training on any computer.',
    file: {
      version: 1,
      name: 'demo',
      architecture: {
        vocab_size: 2048,
        dim: 48,
        hidden_dim: 128,
        n_layers: 2,
        n_heads: 4,
        n_kv_heads: 2,
        head_dim: 16,
        max_seq_len: 224,
      },
      training: { minutes: 2, batch: 6, learning_rate: 0.015 },
    },
  },
  {
    name: 'story-260k',
    summary: 'The shape of stories260K, in int4: the best stories, after half an hour of training.',
    file: {
      version: 1,
      name: 'story-260k',
      architecture: {
        vocab_size: 512,
        dim: 64,
        hidden_dim: 172,
        n_layers: 5,
        n_heads: 8,
        n_kv_heads: 4,
        max_seq_len: 256,
      },
      quantization: { weights: 'int4' },
      training: { minutes: 30, batch: 4, learning_rate: 0.01 },
    },
  },
  study('maximum-speed', 'About 1K parameters, as fast as the chip can speak.', {
    vocab_size: 64,
    dim: 2,
    hidden_dim: 128,
    n_layers: 1,
    n_heads: 8,
    max_seq_len: 32,
  }),
  study('balanced', 'About 8K parameters: words with some grammar.', {
    vocab_size: 256,
    dim: 8,
    hidden_dim: 192,
    n_layers: 2,
    n_heads: 8,
    max_seq_len: 64,
  }),
  study('rp2040-speed', 'The model that the study shipped.', {
    vocab_size: 256,
    dim: 8,
    hidden_dim: 192,
    n_layers: 2,
    n_heads: 4,
    max_seq_len: 48,
  }),
  study('rp2040-speed-plus', 'The shipped model with a layer more.', {
    vocab_size: 256,
    dim: 8,
    hidden_dim: 256,
    n_layers: 3,
    n_heads: 4,
    max_seq_len: 48,
  }),
  study('rp2040-quality', 'The largest shape of the study, which never fitted its interpreter.', {
    vocab_size: 1024,
    dim: 12,
    hidden_dim: 384,
    n_layers: 4,
    n_heads: 12,
    max_seq_len: 96,
  }),
];

export function findPreset(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}
