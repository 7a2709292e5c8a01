import type { Architecture } from '../model/config';
import type { Weights } from '../model/tensors';
import { fieldAt, isAllowed } from '../model/fields';
import type { Checked, Problem } from '../problem';
import { grouped } from '../text';

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

/** The result of a reader that refuses a checkpoint. */
export function refused(code: string, message: string, fix: string): Checked<never> {
  return { value: undefined, problems: [refusal(code, message, fix)] };
}

/**
 * The problem of sizes that no model here may have. Readers ask for it before they list the tensors,
 * since a few bytes of a damaged header can claim more of them than the memory holds. The context
 * takes no part: it makes no tensors, and the user may shorten it.
 */
export function oversized(sizes: Partial<Record<keyof Architecture, number>>): Problem | undefined {
  for (const [name, size] of Object.entries(sizes)) {
    const path = `architecture.${name}`;
    if (isAllowed(path, size)) continue;
    const { minimum = 1, maximum = Infinity } = fieldAt(path) ?? {};
    return refusal(
      'sizes',
      `The checkpoint has ${name} ${grouped(size)}; a model here has from ${grouped(minimum)} to ${grouped(maximum)}.`,
      'Import a model of such sizes, or check that the file is whole.',
    );
  }
  return undefined;
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
