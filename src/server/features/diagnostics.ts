import type { Node } from 'jsonc-parser';
import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Problem } from '../../core/problem';
import { underlined } from './underline';

export const diagnosticSource = 'starmind';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** Problems as the editor underlines them. */
export function diagnosticsOf(
  document: TextDocument,
  root: Node | undefined,
  problems: readonly Problem[],
): Diagnostic[] {
  return problems.map((problem) => ({
    range: rangeOf(document, underlined(problem, root)),
    severity: severities[problem.severity],
    code: problem.code,
    source: diagnosticSource,
    message: problem.fix ? `${problem.message} ${problem.fix}` : problem.message,
  }));
}

export function rangeOf(document: TextDocument, place: Problem['range']) {
  const { offset, length } = place ?? { offset: 0, length: 0 };
  return { start: document.positionAt(offset), end: document.positionAt(offset + length) };
}
