import { fieldsOf, isRecord, type Fields } from '../fields';
import { setting, type Change, type JsonValue, type Problem } from '../problem';
import type { Architecture } from './config';
import { ngramWithDefaults } from './ngram';
import { nameRun } from './shipped-runs';

const forgetBase: Change = { path: ['training', 'from'], remove: true };

/** The shape of a run by its path in model.json; undefined when there is no such run. */
export type FindBase = (from: string) => Architecture | undefined;

/** The runs that the JSON of a model.json names. */
export function namedRuns(json: unknown): string[] {
  const { from, teacher } = fieldsOf(fieldsOf(json).training);
  return [from, teacher].filter((name) => typeof name === 'string');
}

/** The JSON of a model.json with the shape of its base run, and what the two disagree about. */
export interface Inherited {
  json: unknown;
  problems: Problem[];
}

/**
 * Adds the shape of the run that `training.from` names, as far as the file leaves it out. A file
 * with a whole shape needs the run only to be trained.
 */
export function inherit(json: unknown, findBase: FindBase | undefined): Inherited {
  const { from } = fieldsOf(fieldsOf(json).training);
  if (typeof from !== 'string' || !findBase) return { json, problems: [] };
  const written = fieldsOf(json).architecture;
  const base = findBase(from);
  if (!base) return { json, problems: [absent(from, written === undefined)] };
  if (written !== undefined && !isRecord(written)) return { json, problems: [] };
  const architecture = { ...base, ...written, ...tablesOf(base, fieldsOf(written)) };
  return {
    json: { ...fieldsOf(json), architecture },
    problems: disagreements(from, base, fieldsOf(written)),
  };
}

/**
 * The n-gram tables of the base run with what a file says of them, which may be a part. Lists in
 * another order mean the same; what is no list is for the schema to refuse.
 */
function tablesOf(base: Architecture, { ngram_tables: written }: Fields) {
  const { ngram_tables: known } = base;
  if (!known || !isRecord(written)) return {};
  const said = { ...known, ...written };
  const hasLists = Array.isArray(said.orders) && Array.isArray(said.layers);
  return { ngram_tables: hasLists ? ngramWithDefaults(said, base) : said };
}

/** What a file says otherwise than the run that it begins with; its context may be another. */
function disagreements(from: string, base: Architecture, written: Fields): Problem[] {
  // A run without tables of n-grams may get some: they begin at zero and change nothing at first.
  const fields = Object.keys(base) as (keyof Architecture)[];
  const isSame = (field: keyof Architecture): boolean => {
    const said: Fields = { ...written, ...tablesOf(base, written) };
    return JSON.stringify(said[field]) === JSON.stringify(base[field]);
  };
  return fields
    .filter((field) => field !== 'max_seq_len' || base.position === 'learned')
    .filter((field) => written[field] !== undefined && !isSame(field))
    .map((field): Problem => {
      const path = `architecture.${field}`;
      const { [field]: known } = base;
      return {
        ...{ code: 'training.from-shape', severity: 'error', path },
        message: `${path} is ${JSON.stringify(written[field])}; ${from}, with which the training begins, has ${JSON.stringify(known)}.`,
        fix: `Leave it out, or use ${JSON.stringify(known)}.`,
        fixes: [
          { title: `Remove ${field}`, changes: [{ path: ['architecture', field], remove: true }] },
          {
            title: `Set ${field} to ${JSON.stringify(known)}`,
            changes: [setting(path, known as JsonValue)],
          },
          { title: 'Train from nothing', changes: [forgetBase] },
        ],
      };
    });
}

function absent(from: string, isNeeded: boolean): Problem {
  return {
    code: 'training.from-missing',
    severity: isNeeded ? 'error' : 'warning',
    path: 'training.from',
    message: `There is no run ${from}${isNeeded ? ', from which the shape would come' : ', with which the training would begin'}.`,
    fix: nameRun,
    fixes: [{ title: 'Remove training.from', changes: [forgetBase] }],
  };
}
