import type { ParseError } from 'jsonc-parser';
import { assessModel, type Assessment } from '../../src/core/estimate/assess';
import { memoryMap } from '../../src/core/estimate/memory-map';
import { differenceOf, applyEdits, editText } from '../../src/core/model/edit';
import { isForeignText } from '../../src/core/model/foreign';
import { jsonTree, tooDeepAt } from '../../src/core/model/json-tree';
import { parseModel } from '../../src/core/model/parse';
import { hasErrors, type Change, type Fix, type Problem } from '../../src/core/problem';
import { randomChanges } from './changes';
import type { Dice } from './dice';

/**
 * Invariants of every text of a model.json. Throws when one is broken, or when the code under test
 * throws.
 */
export function checkText(text: string, dice: Dice): void {
  isForeignText(text);
  const assessment = assessModel(text);
  const { problems, value } = parseModel(text);
  expectSame(value !== undefined, !hasErrors(problems), 'a value, and no error, or neither');
  expectSame(value !== undefined, assessment.estimate !== undefined, 'an estimate with the value');
  checkPlaces(text, assessment.problems);
  checkNumbers(assessment);
  for (const problem of assessment.problems) {
    for (const fix of problem.fixes ?? []) checkFix(text, assessment, problem, fix);
  }
  checkChanges(text, randomChanges(dice));
}

function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)}, not ${String(expected)}`);
}

/** Whether a text is JSON with comments, as deep as it makes sense. */
export function isReadable(text: string): boolean {
  return tooDeepAt(text) === undefined && syntaxErrors(text).length === 0;
}

function syntaxErrors(text: string): ParseError[] {
  const errors: ParseError[] = [];
  jsonTree(text, errors);
  return errors;
}

function checkPlaces(text: string, problems: readonly Problem[]): void {
  for (const { code, range } of problems) {
    const { offset, length } = range ?? { offset: NaN, length: NaN };
    const within = offset >= 0 && length >= 0 && offset + length <= text.length;
    expectSame(
      within,
      true,
      `${code} has its place ${offset}+${length} in ${text.length} characters`,
    );
  }
}

/** No figure that the user may see is negative, or not a number. */
function checkNumbers({ value, estimate }: Assessment): void {
  if (!value || !estimate) return;
  const { problems, ...figures } = estimate;
  const free = figures.sram.free;
  const numbers = [...numbersIn({ ...figures, sram: { ...figures.sram, free: 0 } })];
  const strange = numbers.filter((number) => !Number.isFinite(number) || number < 0);
  expectSame(strange.join(), '', 'figures of the estimate');
  expectSame(free, figures.sram.limit - figures.sram.total, 'free bytes');
  const { sram, flash } = memoryMap(value);
  const bytes = (items: readonly { bytes: number }[]) =>
    items.reduce((sum, { bytes }) => sum + bytes, 0);
  expectSame(bytes(sram), figures.sram.total, 'SRAM of the memory map');
  expectSame(bytes(flash), figures.flash.total, 'flash of the memory map');
  const over = figures.sram.total > figures.sram.limit;
  expectSame(
    problems.some(({ code }) => code === 'sram.over'),
    over,
    'a problem when SRAM is over',
  );
}

function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const inner of Object.values(value)) yield* numbersIn(inner);
}

/** A fix leaves JSON that can be read as it was, and not the problem that it is for. */
function checkFix(text: string, { problems }: Assessment, problem: Problem, fix: Fix): void {
  const { title, changes } = fix;
  const what = `${problem.code}, fixed by ${title.slice(0, 80)}`;
  const fixed = editText(text, changes);
  expectSame(fixed === text, false, `${what}: nothing changed`);
  if (isReadable(text)) expectSame(isReadable(fixed), true, `${what}: still readable`);
  const alike = ({ code, path, message }: Problem) =>
    code === problem.code && path === problem.path && message === problem.message;
  const count = (problems: readonly Problem[]) => problems.filter(alike).length;
  // There may be several at once, as for a field with three values.
  const fewer = count(assessModel(fixed).problems) < count(problems);
  expectSame(fewer, true, `${what}: solved`);
  const edit = differenceOf(text, fixed);
  expectSame(
    applyEdits(text, edit ? [edit] : []) === fixed,
    true,
    `${what}: the difference makes it`,
  );
}

/** Any changes whatever, one after the other. */
function checkChanges(text: string, changes: readonly Change[]): void {
  const wasReadable = isReadable(text);
  let before = text;
  for (const change of changes) {
    const after = editText(before, [change]);
    const what = JSON.stringify(change).slice(0, 200);
    if (wasReadable) expectSame(syntaxErrors(after).length, 0, `errors in JSON after ${what}`);
    before = after;
  }
}
