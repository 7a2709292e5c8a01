import type { Problem } from '../problem';
import { splitRegex } from './hf-format';
import { hfProblems } from './hf-problems';
import { asArray, asRecord, type JsonRecord } from './json';
import type { TokenizerType } from './model';

/**
 * The type of a file, by its pre-tokenizer: ours have one split each. A foreign one that works on
 * bytes counts as bpe, with a warning that our piece rule replaces its own.
 */
export function readPreTokenizer(
  value: unknown,
  hasMerges: boolean,
): { type: TokenizerType; problems: Problem[] } {
  const steps = preTokenizerSteps(value);
  const byteLevel = steps.find(({ type }) => type === 'ByteLevel');
  if (byteLevel === undefined) {
    const names = steps.map(({ type }) => String(type));
    return { type: 'bpe', problems: [hfProblems.preTokenizer(names.join(', ') || 'none')] };
  }
  const plain = byteLevel.use_regex === false && byteLevel.add_prefix_space === false;
  const regex = asRecord(steps[0]?.pattern)?.Regex;
  for (const type of ['byte', 'char', 'bpe'] as const) {
    const ours = splitRegex[type];
    const length = ours === undefined ? 1 : 2;
    if (type === 'byte' && hasMerges) continue;
    if (plain && steps.length === length && regex === ours) return { type, problems: [] };
  }
  const problems = [hfProblems.otherPieces()];
  if (byteLevel.add_prefix_space === true) problems.push(hfProblems.prefixSpace());
  return { type: 'bpe', problems };
}

function preTokenizerSteps(value: unknown): JsonRecord[] {
  const step = asRecord(value);
  if (step === undefined) return [];
  if (step.type !== 'Sequence') return [step];
  return asArray(step.pretokenizers)
    .map(asRecord)
    .filter((inner) => inner !== undefined);
}
