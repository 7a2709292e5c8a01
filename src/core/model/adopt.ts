import type { Change, JsonValue } from '../problem';
import type { ModelFile } from './defaults';

/** Sections that a preset sets; the name, the data and the target stay the user's. */
const sections = ['architecture', 'quantization', 'tokenizer', 'training'] as const;

/**
 * The changes that give a file the shape, tokenizer and training of another: field by field, so
 * that equal values keep their layout.
 */
export function adopt(file: ModelFile, other: ModelFile): Change[] {
  return sections.flatMap((section) => {
    const present: Record<string, JsonValue> = { ...file[section] };
    const wanted: Record<string, JsonValue> = { ...other[section] };
    const removed = Object.keys(present)
      .filter((field) => !(field in wanted))
      .map((field): Change => ({ path: [section, field], remove: true }));
    const set = Object.entries(wanted)
      .filter(([field, value]) => JSON.stringify(present[field]) !== JSON.stringify(value))
      .map(([field, value]): Change => ({ path: [section, field], value }));
    return [...removed, ...set];
  });
}
