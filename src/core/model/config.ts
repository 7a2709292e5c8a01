import type { CacheFormat, WeightFormat } from './formats';
import type { NgramTables } from './ngram';
import type { Activation, Norm, Optimizer, Position, WhenFull } from './options';
import type { MatrixSlot } from './tensor-table';

/**
 * The typed form of a model.json file (schema version 1). Every field is present: the parser has
 * applied the defaults. See model.schema.json for the documentation a user reads.
 */
export interface ModelConfig {
  version: 1;
  name: string;
  architecture: Architecture;
  quantization: Quantization;
  tokenizer: TokenizerConfig;
  data: DataConfig;
  training: TrainingConfig;
  target: TargetConfig;
}

export interface Architecture {
  vocab_size: number;
  /** Width of the residual stream. */
  dim: number;
  /** Width of the feed-forward hidden layer. */
  hidden_dim: number;
  n_layers: number;
  /** Query heads. */
  n_heads: number;
  /** Key/value heads; divides n_heads (grouped-query attention when smaller). */
  n_kv_heads: number;
  /** Width of one head; independent of dim / n_heads. */
  head_dim: number;
  /** Positions in the KV cache. */
  max_seq_len: number;
  norm: Norm;
  position: Position;
  activation: Activation;
  /** Gated feed-forward (the SwiGLU family): act(gate x) * (up x). */
  gated: boolean;
  /** The output classifier shares the token embedding. */
  tie_embeddings: boolean;
  /** Tables in flash; absent: none. */
  ngram_tables?: NgramTables;
}

/** Formats of the matrices. */
export interface MatrixFormats {
  weights: WeightFormat;
  /** Matrices that have another one. */
  tensors?: Partial<Record<MatrixSlot, WeightFormat>>;
}

/** Formats of everything that a device holds. */
export interface StoredFormats extends MatrixFormats {
  /** Of cached keys and values; int8 by default. */
  kv_cache?: CacheFormat;
}

export interface Quantization extends Required<StoredFormats> {
  /** Share of the training steps, at the end, that run with quantised forward arithmetic. */
  aware_share: number;
}

export type TokenizerConfig =
  | { type: 'byte' }
  | { type: 'char' }
  | { type: 'bpe' }
  /** A Hugging Face tokenizer.json, relative to model.json. */
  | { type: 'file'; path: string }
  /** That of the run with which the training begins, or of its teacher. */
  | { type: 'run' };

export interface DataConfig {
  /** `starter`, `tinystories`, or a file, folder or glob relative to model.json. */
  source: string;
  /** Line that stands between documents in text files. */
  separator: string;
  /** Encoding of text files without a byte order mark. */
  encoding: string;
  /** Held-out share of the documents; ignored when validation_file is given. */
  validation_share: number;
  validation_file?: string;
  /** Most bytes of text to use; for the starter corpus, bytes to generate. */
  max_bytes?: number;
}

export interface TrainingConfig {
  engine: 'builtin' | 'pytorch';
  /** Folder of the run whose weights the training begins with, relative to model.json. */
  from?: string;
  /** Folder of a run with the same tokens, whose distribution the training follows. */
  teacher?: string;
  /** Share of the teacher's distribution in the targets; the rest is the text itself. */
  teacher_weight: number;
  /** Exactly one of the three budgets is set. */
  steps?: number;
  epochs?: number;
  minutes?: number;
  /** Of the matrices of the layers; AdamW updates all other parameters. */
  optimizer: Optimizer;
  /** Sequences per step. */
  batch: number;
  /** Tokens per training sequence; at most max_seq_len. */
  context: number;
  learning_rate: number;
  schedule: 'cosine' | 'constant';
  /** Share of the budget spent warming the learning rate up. */
  warmup_share: number;
  weight_decay: number;
  /** Gradients are scaled down to this global norm; 0 switches clipping off. */
  gradient_clip: number;
  seed: number;
  /** Stop after this many evaluations without improvement; 0 switches it off. */
  early_stopping: number;
  /** Steps between evaluations. */
  evaluate_every: number;
  /** Steps between checkpoints. */
  checkpoint_every: number;
}

export interface TargetConfig {
  board: string;
  clock_mhz: number;
  cores: 1 | 2;
  /** Where the matrices live while the model runs: copied to SRAM at boot, or read through XIP. */
  weights: 'sram' | 'stream' | 'flash';
  /** What a generation does when the KV cache is full. */
  when_full: WhenFull;
  sampling: Sampling;
}

export interface Sampling {
  /** 0 is greedy decoding. */
  temperature: number;
  /** 0 switches the limit off. */
  top_k: number;
  /** 1 switches the limit off. */
  top_p: number;
}
