import { getNodeValue } from 'jsonc-parser';
import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DocumentFormattingRequest,
  DocumentLinkRequest,
  DocumentRangeFormattingRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  type CodeAction,
  type Position,
  type Range,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isForeignText } from '../../src/core/model/foreign';
import { jsonTree } from '../../src/core/model/json-tree';
import type { Dice } from './dice';
import { isReadable } from './invariants';
import type { Session } from './session';

/** In a folder that does not exist on disk. */
const uri = 'file:///starmind-fuzz/model.json';

/**
 * Invariants of the server when an open text becomes another. Throws when one is broken, or when a
 * request fails.
 *
 * @param before the earlier text, which the server may remember
 */
export async function checkServer(
  session: Session,
  before: string,
  text: string,
  dice: Dice,
): Promise<void> {
  const document = TextDocument.create(uri, 'starmind-model', 2, text);
  await session.open(TextDocument.create(uri, 'starmind-model', 1, before));
  await session.change(document, text);
  try {
    await checkAnswers(session, document, dice);
  } finally {
    await session.close(document);
  }
}

async function checkAnswers(session: Session, document: TextDocument, dice: Dice): Promise<void> {
  const { connection } = session;
  const options = { tabSize: 1 + dice.below(8), insertSpaces: dice.chance(0.5) };
  const textDocument = { uri };
  const position = somewhere(document, dice);
  const range = between(position, somewhere(document, dice));
  const everything = {
    start: { line: 0, character: 0 },
    end: { line: document.lineCount, character: 0 },
  };
  const [completion, hover, actions, hints, lenses, symbols, links, folds, layout, lines] =
    await Promise.all([
      connection.sendRequest(CompletionRequest.type, { textDocument, position }),
      connection.sendRequest(HoverRequest.type, { textDocument, position }),
      connection.sendRequest(CodeActionRequest.type, {
        textDocument,
        range: dice.chance(0.5) ? everything : range,
        context: { diagnostics: [] },
      }),
      connection.sendRequest(InlayHintRequest.type, { textDocument, range: everything }),
      connection.sendRequest(CodeLensRequest.type, { textDocument }),
      connection.sendRequest(DocumentSymbolRequest.type, { textDocument }),
      connection.sendRequest(DocumentLinkRequest.type, { textDocument }),
      connection.sendRequest(FoldingRangeRequest.type, { textDocument }),
      connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options }),
      connection.sendRequest(DocumentRangeFormattingRequest.type, { textDocument, range, options }),
    ]);
  const diagnostics = session.diagnosticsOf(document);
  if (!diagnostics) throw new Error('There are no diagnostics of the latest text.');
  checkRanges(document, { diagnostics, hover, actions, hints, lenses, symbols, links });
  // For a cursor outside the text, completion has no valid place either.
  if (isWithin(document, position)) checkRanges(document, { completion });
  checkFigures({ completion, hover, hints, lenses });
  checkActions(document, (actions ?? []) as CodeAction[]);
  checkLayout(document, layout ?? []);
  checkLayout(document, lines ?? []);
  for (const { startLine, endLine } of folds ?? []) {
    if (startLine > endLine || endLine >= document.lineCount) throw new Error('A fold is outside.');
  }
  if (isForeignText(document.getText())) {
    // Completion answers there too: a text with a first name may become a model of ours.
    const answers = [hover, actions, hints, lenses, symbols, links, folds, layout];
    if (diagnostics.length > 0 || answers.some((answer) => answer !== null)) {
      throw new Error('Something is said about the file of another program.');
    }
  }
}

/** A position where there may be a cursor, or, as a mistake of the editor, may not. */
function somewhere(document: TextDocument, dice: Dice): Position {
  if (dice.chance(0.05)) return { line: dice.below(1000), character: dice.below(1000) };
  return document.positionAt(dice.below(document.getText().length + 1));
}

function between(one: Position, other: Position): Range {
  const inOrder =
    one.line < other.line || (one.line === other.line && one.character <= other.character);
  return inOrder ? { start: one, end: other } : { start: other, end: one };
}

function isWithin(document: TextDocument, position: Position): boolean {
  const there = document.positionAt(document.offsetAt(position));
  return there.line === position.line && there.character === position.character;
}

/** Every range in an answer lies within the text, and none ends before it starts. */
function checkRanges(document: TextDocument, answers: object): void {
  for (const { start, end } of rangesIn(answers)) {
    const within = isWithin(document, start) && isWithin(document, end);
    if (!within || document.offsetAt(start) > document.offsetAt(end)) {
      throw new Error(`There is no range ${JSON.stringify({ start, end })} in the text.`);
    }
  }
}

function* rangesIn(value: unknown): Generator<Range> {
  if (typeof value !== 'object' || value === null) return;
  if ('start' in value && 'end' in value) yield value as Range;
  else for (const inner of Object.values(value)) yield* rangesIn(inner);
}

/** No figure that the user sees is invalid. */
function checkFigures(answers: object): void {
  const broken = /NaN|Infinity|undefined|\[object/.exec(JSON.stringify(answers));
  if (broken) {
    const { index, input } = broken;
    throw new Error(`A broken figure: ${input.slice(Math.max(0, index - 80), index + 80)}`);
  }
}

function applied(document: TextDocument, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(document, [...edits]);
}

/** If the text was readable, it is still readable after an action. */
function checkActions(document: TextDocument, actions: readonly CodeAction[]): void {
  if (!isReadable(document.getText())) return;
  for (const { title, edit } of actions) {
    const after = applied(document, edit?.changes?.[uri] ?? []);
    if (!isReadable(after)) throw new Error(`What "${title.slice(0, 80)}" leaves is no JSON.`);
  }
}

/** Formatting keeps the meaning. */
function checkLayout(document: TextDocument, edits: readonly TextEdit[]): void {
  const text = document.getText();
  if (!isReadable(text)) return;
  const after = applied(document, edits);
  if (meaning(after) !== meaning(text)) throw new Error('A new layout says something else.');
}

function meaning(text: string): string {
  const root = jsonTree(text);
  return root ? JSON.stringify(getNodeValue(root)) : '';
}
