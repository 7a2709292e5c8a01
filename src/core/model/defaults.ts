import type {
  Architecture,
  DataConfig,
  ModelConfig,
  Quantization,
  TargetConfig,
  TokenizerConfig,
  TrainingConfig,
} from './config';
import type { WeightFormat } from './formats';
import { ngramWithDefaults, type NgramFile } from './ngram';
import type { Optimizer } from './options';

/** A model.json that has its shape from the run with which its training begins. */
export type TuningFile = Omit<ModelFile, 'architecture'> & {
  training: Partial<TrainingConfig> & Pick<Required<TrainingConfig>, 'from'>;
};

/** A model.json as written: valid by the schema, with optional fields left out. */
export interface ModelFile {
  version: 1;
  name?: string;
  architecture: Partial<Omit<Architecture, 'ngram_tables'>> &
    Pick<
      Architecture,
      'vocab_size' | 'dim' | 'hidden_dim' | 'n_layers' | 'n_heads' | 'max_seq_len'
    > & { ngram_tables?: NgramFile };
  quantization?: Partial<Quantization>;
  tokenizer?: { type?: 'byte' | 'char' | 'bpe'; path?: string };
  data?: Partial<DataConfig>;
  training?: Partial<TrainingConfig>;
  target?: Partial<Omit<TargetConfig, 'sampling'>> & {
    sampling?: Partial<TargetConfig['sampling']>;
  };
}

/** Optimiser steps when the file sets no budget. */
const defaultSteps = 2000;

/** Defaults of the training fields that do not depend on other values. */
export const defaultTraining = {
  engine: 'builtin',
  optimizer: 'muon',
  teacher_weight: 0.5,
  batch: 32,
  schedule: 'cosine',
  warmup_share: 0.05,
  weight_decay: 0.1,
  gradient_clip: 1,
  seed: 1,
  early_stopping: 0,
  evaluate_every: 250,
  checkpoint_every: 250,
} as const;

/** Peak learning rate of each optimiser: see ARCHITECTURE.md for what was measured. */
export const defaultLearningRate: Record<Optimizer, number> = { muon: 0.02, adamw: 0.003 };

/**
 * Defaults of a training that begins with a trained model: it has to learn little, and to forget
 * little. ARCHITECTURE.md has the measurement.
 */
export const defaultFineTuning = { learning_rate: 0.001, warmup_share: 0.02 } as const;

/** Budget of such a training that sets none. */
const fineTuningMinutes = 2;

/** The coarser its weights are, the longer a model has to learn with them: see ARCHITECTURE.md. */
const defaultAwareShare: Record<WeightFormat, number> = { int8: 0.1, int4: 0.3, ternary: 0.7 };

/** Fills in the defaults of absent fields. */
export function withDefaults(file: ModelFile, fallbackName: string): ModelConfig {
  const { architecture } = file;
  const training = file.training ?? {};
  const isFineTuning = training.from !== undefined;
  const hasBudget =
    training.steps !== undefined || training.epochs !== undefined || training.minutes !== undefined;
  return {
    version: 1,
    name: file.name ?? fallbackName,
    architecture: architectureWithDefaults(architecture),
    quantization: {
      weights: 'int8',
      kv_cache: 'int8',
      aware_share: defaultAwareShare[file.quantization?.weights ?? 'int8'],
      ...file.quantization,
      tensors: { ...file.quantization?.tensors },
    },
    tokenizer: tokenizerWithDefaults(file),
    data: {
      source: 'starter',
      separator: '<|endoftext|>',
      encoding: 'utf-8',
      validation_share: 0.02,
      ...file.data,
    },
    training: {
      ...defaultTraining,
      learning_rate: defaultLearningRate[training.optimizer ?? defaultTraining.optimizer],
      ...(isFineTuning ? defaultFineTuning : {}),
      context: architecture.max_seq_len,
      ...(hasBudget ? {} : isFineTuning ? { minutes: fineTuningMinutes } : { steps: defaultSteps }),
      ...training,
    },
    target: {
      board: 'pico',
      clock_mhz: 200,
      cores: 2,
      weights: 'sram',
      when_full: 'stop',
      ...file.target,
      sampling: { temperature: 0.8, top_k: 0, top_p: 0.95, ...file.target?.sampling },
    },
  };
}

function architectureWithDefaults(written: ModelFile['architecture']): Architecture {
  const { ngram_tables, ...sizes } = written;
  const shape = {
    n_kv_heads: written.n_heads,
    head_dim: Math.max(1, Math.floor(written.dim / written.n_heads)),
    norm: 'rmsnorm',
    position: 'rope',
    activation: 'silu',
    gated: true,
    tie_embeddings: true,
    ...sizes,
  } as const;
  return ngram_tables ? { ...shape, ngram_tables: ngramWithDefaults(ngram_tables, shape) } : shape;
}

function tokenizerWithDefaults({ tokenizer, training }: ModelFile): TokenizerConfig {
  if (tokenizer?.path !== undefined) return { type: 'file', path: tokenizer.path };
  const hasRun = training?.from !== undefined || training?.teacher !== undefined;
  return { type: tokenizer?.type ?? (hasRun ? 'run' : 'bpe') };
}
