import type { HfTemplate, HfTemplateItem } from './hf-format';
import { stepsOf } from './hf-steps';
import { asArray, asRecord, type JsonRecord } from './json';
import { endOfText, type AddedToken } from './model';

/** Common names of the end-of-text token, in order of preference. */
const endNames = [
  endOfText,
  '<|end_of_text|>',
  '</s>',
  '<eos>',
  '<|im_end|>',
  '<s>',
  '<|begin_of_text|>',
];

/**
 * The token that stands around texts: the one that the file puts before each, else the one whose
 * name says that it ends them.
 */
export function endOfTextId(root: JsonRecord, added: readonly AddedToken[]): number | undefined {
  const first = startOfText(root.post_processor);
  const start = added.find(({ content, special }) => special && content === first);
  return start?.id ?? endOfTextByName(added);
}

export function endOfTextByName(added: readonly AddedToken[]): number | undefined {
  const special = added.filter((token) => token.special);
  for (const name of endNames) {
    const token = special.find(({ content }) => content === name);
    if (token) return token.id;
  }
  return special[0]?.id;
}

/** Name of the token that a post-processor puts before each text. */
function startOfText(value: unknown): string | undefined {
  for (const step of stepsOf(value, 'processors')) {
    const token = asRecord(asRecord(asArray(step.single)[0])?.SpecialToken);
    if (step.type === 'TemplateProcessing' && typeof token?.id === 'string') return token.id;
  }
  return undefined;
}

/** Whether a post-processor does nothing but put a token before each text. */
export function onlyStartsText(step: JsonRecord): boolean {
  const items = asArray(step.single).map(asRecord);
  const specials = items.filter((item) => item?.SpecialToken !== undefined);
  return (
    step.type === 'TemplateProcessing' &&
    specials.length === 1 &&
    items[0]?.SpecialToken !== undefined
  );
}

/** Puts a token before each text. */
export function startTemplate(name: string, id: number): HfTemplate {
  const special = (type_id: number): HfTemplateItem => ({ SpecialToken: { id: name, type_id } });
  return {
    type: 'TemplateProcessing',
    single: [special(0), { Sequence: { id: 'A', type_id: 0 } }],
    pair: [
      special(0),
      { Sequence: { id: 'A', type_id: 0 } },
      special(1),
      { Sequence: { id: 'B', type_id: 1 } },
    ],
    special_tokens: { [name]: { id: name, ids: [id], tokens: [name] } },
  };
}
