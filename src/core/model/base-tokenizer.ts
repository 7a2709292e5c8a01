import type { Problem } from '../problem';
import { writeHuggingFace } from '../tokenizer/hf-write';
import type { TokenizerModel } from '../tokenizer/model';
import type { ModelConfig } from './config';

/** What a run is to a training: its beginning, or its teacher. */
export type RunRole = 'from' | 'teacher';

/**
 * The problem of a tokenizer in model.json that is not that of the run with which the training
 * begins, or of its teacher; a model.json may leave its tokenizer out.
 *
 * @param named the tokenizer of the file that model.json names, where it names one
 */
export function otherTokenizer(
  { tokenizer, training }: Pick<ModelConfig, 'tokenizer' | 'training'>,
  role: RunRole,
  base: TokenizerModel,
  named: TokenizerModel | undefined,
): Problem[] {
  const isSame =
    tokenizer.type === 'run' ||
    tokenizer.type === base.type ||
    (named !== undefined && writeHuggingFace(named) === writeHuggingFace(base));
  if (isSame) return [];
  const field = tokenizer.type === 'file' ? 'path' : 'type';
  const value = tokenizer.type === 'file' ? tokenizer.path : tokenizer.type;
  return [
    {
      ...{ code: `training.${role}-tokenizer`, severity: 'error', path: `tokenizer.${field}` },
      message: `tokenizer.${field} is ${value}; ${training[role]} (training.${role}) has another tokenizer, of type ${base.type}.`,
      fix: 'Leave "tokenizer" out: that of the run is taken over.',
      fixes: [{ title: 'Remove tokenizer', changes: [{ path: ['tokenizer'], remove: true }] }],
    },
  ];
}
