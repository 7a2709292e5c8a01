import type { ModelConfig } from '../model/config';
import type { ModelFile } from '../model/defaults';
import { isAllowed } from '../model/fields';
import { reconfigure } from '../model/reconfigure';
import { resize, type ShapeField } from '../model/shape';
import type { Change } from '../problem';
import { fitsChip, sramParts, tokensPerSecond, totalOf, typicalContext } from './estimate';
import { countParameters } from './parameters';

/** The five factors of the study, in the order of their cost there, and the context. */
export const factors = [
  'dim',
  'n_layers',
  'n_heads',
  'hidden_dim',
  'vocab_size',
  'max_seq_len',
] as const satisfies readonly ShapeField[];

export type Factor = (typeof factors)[number];

/** The figures of a model with another value. */
export interface Figures {
  parameters: number;
  /** Bytes. */
  sram: number;
  tokens_per_second: number;
  /** Into SRAM and into flash. */
  fits: boolean;
}

export interface FactorStep {
  value: number;
  /** The factor itself first. */
  changes: readonly Change[];
  figures: Figures;
}

/**
 * The figures after the next halving and the next doubling of a factor; absent where impossible.
 */
export interface FactorCost {
  factor: Factor;
  value: number;
  halved: FactorStep | undefined;
  doubled: FactorStep | undefined;
}

/** The short form of an estimate, for comparing configurations. */
export function figuresOf(config: ModelConfig): Figures {
  return {
    parameters: countParameters(config.architecture).total,
    sram: totalOf(sramParts(config)),
    tokens_per_second: tokensPerSecond(config, typicalContext(config.architecture)),
    fits: fitsChip(config),
  };
}

/** @param file the user's fields; absent ones follow the changes */
export function factorCosts(file: ModelFile, config: ModelConfig): FactorCost[] {
  const step = (factor: Factor, value: number): FactorStep | undefined => {
    if (!Number.isInteger(value) || !isAllowed(`architecture.${factor}`, value)) return undefined;
    const changes = resize(file, factor, value);
    const changed = reconfigure(file, config.name, changes);
    return changed && { value, changes, figures: figuresOf(changed) };
  };
  return factors.map((factor) => {
    const value = config.architecture[factor];
    return { factor, value, halved: step(factor, value / 2), doubled: step(factor, value * 2) };
  });
}
