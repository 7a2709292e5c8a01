import type { Architecture, StoredFormats } from '../model/config';
import type { Arithmetic } from '../model/formats';
import type { Weights } from '../model/tensors';
import type { Optimizer } from '../model/options';

/** One optimiser step. */
export interface TrainingStep {
  /** Number of the step, from 1; AdamW corrects its moments' bias by it. */
  number: number;
  learningRate: number;
  /** Arithmetic of the forward pass. */
  arithmetic: Arithmetic;
  /** [batch][context + 1] token ids: token t + 1 is the target of token t. */
  tokens: Uint16Array;
}

export interface StepResult {
  /** Mean over the targets of the step, nats. */
  loss: number;
  /** Global gradient norm before clipping. */
  gradientNorm: number;
}

/** Part of a document to be scored. */
export interface EvaluationWindow {
  /** Inputs and, shifted by one, their targets. */
  tokens: Uint16Array;
  /** Targets at positions before this are context only. */
  scoreFrom: number;
}

/** The optimiser's moving averages of the gradients and, for AdamW, of their squares. */
export interface OptimizerMoments {
  first: Weights;
  second: Weights;
}

/**
 * A model under training, on whatever engine computes it. The training loop uses only this
 * interface. The maps that it returns are copies.
 */
export interface Kernels {
  /** Most steps of one call of `runSteps`. */
  readonly stepCapacity: number;
  /** Runs optimiser steps one after another; one result a step. */
  runSteps(steps: readonly TrainingStep[]): Promise<StepResult[]>;
  /** Sum over the scored targets of -ln p(target), nats, for each window. */
  evaluate(windows: readonly EvaluationWindow[], arithmetic: Arithmetic): Promise<Float64Array>;
  readParameters(): Promise<Weights>;
  writeParameters(weights: Weights): Promise<void>;
  readMoments(): Promise<OptimizerMoments>;
  writeMoments(moments: OptimizerMoments): Promise<void>;
  /** Releases threads, memory, or the process that computes. */
  dispose(): Promise<void>;
}

/** A model with the same tokens, whose distribution over the next one a training follows. */
export interface Teacher {
  architecture: Architecture;
  weights: Weights;
  /** Share of its distribution in the targets, above 0; the rest is the next token itself. */
  weight: number;
}

/** The model to train, and the sizes of a step. */
export interface KernelsOptions {
  architecture: Architecture;
  /** Formats of device arithmetic; int8 by default. */
  quantization?: StoredFormats;
  /** Its vocabulary has to be as large as that of the model. */
  teacher?: Teacher | undefined;
  /** Sequences a step. */
  batch: number;
  /** Tokens a sequence at most. */
  context: number;
  /** Of the matrices of the layers; AdamW by default. */
  optimizer?: Optimizer;
  /** 0 by default. */
  weightDecay?: number;
  /** Global norm that gradients are scaled down to; 0, the default, switches it off. */
  gradientClip?: number;
  /** Defaults to the threads of the machine. */
  threads?: number | undefined;
}

/** Makes the kernels of an engine ready, whichever it is. */
export type KernelsFactory = (options: KernelsOptions) => Promise<Kernels>;
