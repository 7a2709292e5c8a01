/**
 * Text with choices and slots:
 *
 *     [a|b|]        one of these; may be nested, may be empty
 *     {toy}         a word of the pool `toy`, the same one throughout a story
 *     {toy2}        another word of that pool
 *     {toy.full}    a form of that word
 *     {a toy.full}  the same with its article
 */
export type Template = Part[];

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'choice'; options: Template[] }
  | { kind: 'slot'; article: boolean; slot: string; form: string };

/** Form of a slot that names none. */
export const baseForm = 'base';

const parsed = new Map<string, Template>();

/** Parses once and remembers: there are few templates and many stories. */
export function template(source: string): Template {
  let found = parsed.get(source);
  if (found === undefined) {
    const reader = { source, at: 0 };
    found = parseSequence(reader);
    if (reader.at < source.length) throw new Error(`Unmatched bracket in template: ${source}`);
    parsed.set(source, found);
  }
  return found;
}

interface Reader {
  source: string;
  at: number;
}

/** Reads up to the `|` or `]` of the choice around it, or to the end. */
function parseSequence(reader: Reader): Template {
  const parts: Template = [];
  while (reader.at < reader.source.length) {
    const next = reader.source[reader.at];
    if (next === '|' || next === ']') break;
    if (next === '[') parts.push(parseChoice(reader));
    else if (next === '{') parts.push(parseSlot(reader));
    else parts.push({ kind: 'text', text: takeUntil(reader, /[[\]|{]/) });
  }
  return parts;
}

function parseChoice(reader: Reader): Part {
  const options: Template[] = [];
  do {
    reader.at++;
    options.push(parseSequence(reader));
  } while (reader.source[reader.at] === '|');
  if (reader.source[reader.at] !== ']')
    throw new Error(`Open choice in template: ${reader.source}`);
  reader.at++;
  return { kind: 'choice', options };
}

function parseSlot(reader: Reader): Part {
  reader.at++;
  const [, article, slot, form] = /^(a )?(\w+)(?:\.(\w+))?$/.exec(takeUntil(reader, /}/)) ?? [];
  if (slot === undefined) throw new Error(`Bad slot in template: ${reader.source}`);
  reader.at++;
  return { kind: 'slot', article: article !== undefined, slot, form: form ?? baseForm };
}

function takeUntil(reader: Reader, stop: RegExp): string {
  const rest = reader.source.slice(reader.at);
  const length = rest.search(stop);
  const text = length < 0 ? rest : rest.slice(0, length);
  reader.at += text.length;
  return text;
}
