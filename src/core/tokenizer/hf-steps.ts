import { asArray, asRecord, type JsonRecord } from './json';

/**
 * The steps of a part of a tokenizer.json, which may be a sequence of them.
 *
 * @param field the field in which a sequence of this part lists its steps
 */
export function stepsOf(value: unknown, field: string): JsonRecord[] {
  const step = asRecord(value);
  if (!step) return [];
  return step.type === 'Sequence'
    ? asArray(step[field]).flatMap((inner) => stepsOf(inner, field))
    : [step];
}
