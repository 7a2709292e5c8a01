import type { Problem } from '../problem';
import { hfProblems } from './hf-problems';
import { onlyStartsText } from './hf-template';
import { asArray, asRecord, type JsonRecord } from './json';
import type { AddedToken } from './model';

/** Warnings about steps of a file's tokenizer that this program omits. */
export function ignoredParts(
  root: JsonRecord,
  model: JsonRecord,
  added: readonly AddedToken[],
): Problem[] {
  const problems: Problem[] = [];
  if (root.normalizer) problems.push(hfProblems.normalizer(kindOf(root.normalizer)));
  if (model.ignore_merges === true) problems.push(hfProblems.ignoresMerges());
  if (typeof model.dropout === 'number' && model.dropout > 0) {
    problems.push(hfProblems.dropout(model.dropout));
  }
  if (root.truncation) problems.push(hfProblems.truncation());
  if (root.padding) problems.push(hfProblems.padding());
  const post = postProcessors(root.post_processor);
  if (post.length > 0) problems.push(hfProblems.postProcessor(post.join(', ')));
  const plain = added.filter(({ special }) => !special);
  if (plain.length > 0) problems.push(hfProblems.addedTokens(plain.map(({ content }) => content)));
  return problems;
}

/**
 * Kinds of post-processors that add tokens to an encoded text, beyond the one that begins each;
 * ByteLevel only moves offsets.
 */
function postProcessors(value: unknown): string[] {
  const step = asRecord(value);
  if (!step || step.type === 'ByteLevel' || onlyStartsText(step)) return [];
  return step.type === 'Sequence'
    ? asArray(step.processors).flatMap(postProcessors)
    : [kindOf(step)];
}

function kindOf(value: unknown): string {
  return String(asRecord(value)?.type ?? 'of no name');
}
