import { resolve } from 'node:path';
import { parseTree } from 'jsonc-parser';
import { place } from '../core/model/place';
import type { Problem } from '../core/problem';

/** The model.json that a command is about, for problems that say where they are. */
export interface Subject {
  file: string;
  text: string;
}

/** Where a problem of a model.json is, as compilers write it: FILE:LINE:COLUMN, both from 1. */
export function placeOf({ file, text }: Subject, problem: Problem): string {
  const root = parseTree(text);
  const { offset } = (root && place(problem, root).range) ?? { offset: 0 };
  const before = text.slice(0, offset).split('\n');
  return `${resolve(file)}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** The part of model.json that an error is about, by the beginning of its code. */
const causes: Record<string, string> = {
  data: 'data.source',
  tokenizer: 'tokenizer',
  training: 'training',
  resume: 'training',
};

/** An error of a command as a problem of its model.json. */
export function problemOf(code: string, message: string): Problem {
  const [area = ''] = code.split('.');
  return { code, severity: 'error', path: causes[area] ?? '', message };
}
