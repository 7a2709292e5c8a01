import type { Node } from 'jsonc-parser';
import { CodeActionKind, type CodeAction, type Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { differenceOf, editText } from '../../core/model/edit';
import type { Fix, Problem } from '../../core/problem';
import { diagnosticsOf } from './diagnostics';
import { underlined } from './underline';

/** An editor may request the fixes of a whole file; more of them are not readable. */
const mostProblems = 20;

/** The fixes of the problems that touch a range. */
export function quickFixes(
  document: TextDocument,
  range: Range,
  root: Node | undefined,
  problems: readonly Problem[],
): CodeAction[] {
  const asked = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const touches = ({ offset, length } = { offset: 0, length: 0 }) =>
    offset <= asked.end && offset + length >= asked.start;
  // The user may open the light bulb on the underline, which may be on a name, or on the value of
  // the problem.
  const touched = problems.filter(
    (problem) => touches(underlined(problem, root)) || touches(problem.range),
  );
  return touched
    .slice(0, mostProblems)
    .flatMap((problem) =>
      (problem.fixes ?? []).flatMap(
        (fix, index) => action(document, root, problem, fix, index) ?? [],
      ),
    );
}

function action(
  document: TextDocument,
  root: Node | undefined,
  problem: Problem,
  fix: Fix,
  index: number,
): CodeAction | undefined {
  const text = document.getText();
  const edit = differenceOf(text, editText(text, fix.changes));
  if (!edit) return undefined;
  const range = {
    start: document.positionAt(edit.offset),
    end: document.positionAt(edit.offset + edit.length),
  };
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnosticsOf(document, root, [problem]),
    isPreferred: index === 0,
    edit: { changes: { [document.uri]: [{ range, newText: edit.content }] } },
  };
}
