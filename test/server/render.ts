// Answers of the language server in readable form; lines and columns count from 1, as in editors.
import {
  DiagnosticSeverity,
  InlayHintLabelPart,
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  type Diagnostic,
  type DocumentLink,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type InlayHint,
  type Position,
  type Range,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const severities = {
  [DiagnosticSeverity.Error]: 'error',
  [DiagnosticSeverity.Warning]: 'warning',
  [DiagnosticSeverity.Information]: 'info',
  [DiagnosticSeverity.Hint]: 'hint',
};

export function place({ line, character }: Position): string {
  return `${line + 1}:${character + 1}`;
}

function span({ start, end }: Range): string {
  return `${place(start)}-${place(end)}`;
}

/** The text that a range covers, on one line. */
function quoted(document: TextDocument, range: Range): string {
  const text = document.getText(range).replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 30)} ... ${text.slice(-5)}` : text;
}

export function diagnosticLine(document: TextDocument, diagnostic: Diagnostic): string {
  const severity = diagnostic.severity ? severities[diagnostic.severity] : 'none';
  const { range, code, message } = diagnostic;
  return `${span(range)} ${severity} ${code}: ${message}\n    on ${quoted(document, range)}`;
}

/** The changed lines, with a sign for removed and added ones. */
function changedLines(before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let same = 0;
  while (same < Math.min(old.length, now.length) && old[same] === now[same]) same++;
  let tail = 0;
  while (
    tail < Math.min(old.length, now.length) - same &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  ) {
    tail++;
  }
  return [
    ...old.slice(same, old.length - tail).map((line) => `- ${line}`),
    ...now.slice(same, now.length - tail).map((line) => `+ ${line}`),
  ];
}

/** The text after an action. */
export function applyAction(document: TextDocument, { edit }: CodeAction): string {
  return TextDocument.applyEdits(document, edit?.changes?.[document.uri] ?? []);
}

export function actionLines(document: TextDocument, action: CodeAction): string[] {
  const preferred = action.isPreferred ? ' (preferred)' : '';
  const lines = changedLines(document.getText(), applyAction(document, action));
  return [`${action.title}${preferred}`, ...lines.map((line) => `    ${line}`)];
}

export function completionLine(document: TextDocument, item: CompletionItem): string {
  const edit = item.textEdit && 'range' in item.textEdit ? item.textEdit : undefined;
  const place = edit ? `${span(edit.range)} ${quoted(document, edit.range) || 'nothing'}` : 'word';
  const text = JSON.stringify(edit?.newText ?? item.insertText ?? item.label);
  const documentation = item.documentation ? `\n    ${markdown(item.documentation)}` : '';
  return `${item.label} | ${item.detail ?? 'no cost'} | ${place} -> ${text}${documentation}`;
}

function markdown(content: string | { value: string }): string {
  return typeof content === 'string' ? content : content.value;
}

export function hoverText(document: TextDocument, hover: Hover | null): string {
  if (!hover) return 'nothing';
  const { contents, range } = hover;
  if (typeof contents !== 'object' || !('kind' in contents)) return JSON.stringify(contents);
  return `${range ? `on ${quoted(document, range)}\n` : ''}${contents.value}`;
}

export function hintLine(document: TextDocument, { position, label, tooltip }: InlayHint): string {
  const line = document.getText({
    start: { line: position.line, character: 0 },
    end: position,
  });
  const text = typeof label === 'string' ? label : label.map(InlayHintLabelPart.is).join('');
  return `${place(position)} ${line.trim()} <${text}> ${tooltip ? markdown(tooltip) : ''}`;
}

export function lensLine({ range, command }: CodeLens): string {
  return `${place(range.start)} ${command?.title} -> ${command?.command}(${command?.arguments?.join(', ')})`;
}

export function symbolLines(symbol: DocumentSymbol, indent = ''): string[] {
  const { name, detail, range, children } = symbol;
  const line = `${indent}${name}${detail ? ` = ${detail}` : ''} ${span(range)}`;
  return [line, ...(children ?? []).flatMap((child) => symbolLines(child, `${indent}  `))];
}

export function linkLine(document: TextDocument, { range, target }: DocumentLink): string {
  return `${span(range)} ${quoted(document, range)} -> ${target}`;
}

export function foldingLine({ startLine, endLine, kind }: FoldingRange): string {
  return `${startLine + 1}-${endLine + 1} ${kind ?? ''}`.trimEnd();
}
