import type { Architecture } from '../model/config';
import type { Weights } from '../model/tensors';
import type { Problem } from '../problem';

/** Formats of checkpoints that can be imported. */
export type ForeignFormat =
  'llama2.c version 0' | 'llama2.c version 1' | 'llama2.c version 2' | 'Hugging Face Llama';

/** A model of another program, in this one's arrangement. */
export interface ImportedModel {
  format: ForeignFormat;
  architecture: Architecture;
  weights: Weights;
}

/** A reason for which a checkpoint cannot be imported. */
export function refusal(code: string, message: string, fix: string): Problem {
  return { code: `import.${code}`, severity: 'error', path: '', message, fix };
}

/** A difference that the import cannot make up for. */
export function difference(code: string, message: string, fix: string): Problem {
  return { code: `import.${code}`, severity: 'warning', path: '', message, fix };
}

/** Parts of every Llama that this program's own models choose. */
export const llamaOptions = {
  norm: 'rmsnorm',
  position: 'rope',
  activation: 'silu',
  gated: true,
} as const satisfies Partial<Architecture>;
