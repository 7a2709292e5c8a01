import { createScanner, findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Change, JsonValue } from '../problem';
import { jsonTree } from './json-tree';

/** A piece of text in the place of another; offsets are those of the text before. */
export interface TextEdit {
  offset: number;
  length: number;
  content: string;
}

/**
 * The edits that apply a change to the text of a model.json. Other text keeps its comments, order
 * and layout, and a new field gets the layout of its neighbours. No edits when the text is too
 * broken, or the field to remove or rename is absent.
 */
export function editsFor(text: string, change: Change): TextEdit[] {
  const root = jsonTree(text);
  if (change.path.length === 0) return 'value' in change ? setWhole(text, root, change.value) : [];
  if (!root || root.type !== 'object') return [];
  if ('value' in change) return setValue(text, root, change.path, change.value);
  const property = findNodeAtLocation(root, [...change.path])?.parent;
  if (!property) return [];
  return 'rename' in change ? renameField(property, change.rename) : removeField(text, property);
}

/** The text after several changes, one after the other. */
export function editText(text: string, changes: readonly Change[]): string {
  return changes.reduce((edited, change) => applyEdits(edited, editsFor(edited, change)), text);
}

/** @param edits in the order of their offsets, without overlaps */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let from = 0;
  for (const { offset, length, content } of edits) {
    result += text.slice(from, offset) + content;
    from = offset + length;
  }
  return result + text.slice(from);
}

/** The one edit between two texts, from their first to their last difference. */
export function differenceOf(before: string, after: string): TextEdit | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const content = after.slice(start, after.length - end);
  return { offset: start, length: before.length - end - start, content };
}

/** The value of the file itself; comments around it stay. */
function setWhole(text: string, root: Node | undefined, value: JsonValue): TextEdit[] {
  if (root) return [{ offset: root.offset, length: root.length, content: print(value, text, '') }];
  const blank = text.trim() === '';
  const start = blank || text.endsWith('\n') ? '' : newline(text);
  const content = `${start}${print(value, text, '')}${newline(text)}`;
  return [
    blank
      ? { offset: 0, length: text.length, content }
      : { offset: text.length, length: 0, content },
  ];
}

function setValue(text: string, root: Node, path: readonly string[], value: JsonValue): TextEdit[] {
  const present = findNodeAtLocation(root, [...path]);
  if (present) {
    const { offset, length } = present;
    return [{ offset, length, content: print(value, text, lineIndent(text, offset)) }];
  }
  // The innermost existing object receives the missing ones.
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const parent = findNodeAtLocation(root, path.slice(0, depth));
    if (!parent) continue;
    if (parent.type !== 'object') return [];
    const inner = path
      .slice(depth + 1)
      .reduceRight<JsonValue>((nested, step) => ({ [step]: nested }), value);
    return addField(text, parent, path[depth] ?? '', inner);
  }
  return [];
}

function addField(text: string, parent: Node, name: string, value: JsonValue): TextEdit[] {
  const last = parent.children?.at(-1);
  const key = JSON.stringify(name);
  if (!last) return fillObject(text, parent, key, value);
  const end = last.offset + last.length;
  const comma = commaAfter(text, end);
  const separator = comma === undefined ? ',' : '';
  const behind = comma === undefined ? end : comma + 1;
  const sameLine = !text.slice(parent.offset, last.offset).includes('\n');
  if (sameLine) {
    const content = `${separator} ${key}: ${print(value, text, '')}`;
    return [{ offset: behind, length: 0, content }];
  }
  const indent = lineIndent(text, last.offset);
  const line = `${newline(text)}${indent}${key}: ${print(value, text, indent)}`;
  // A comment behind the last value stays with it.
  const lineEnd =
    behind +
    (/^[ \t]*(\/\/[^\r\n]*|\/\*.*?\*\/[ \t]*(?=\r?\n))?/.exec(text.slice(behind))?.[0].length ?? 0);
  if (lineEnd === behind || separator === '')
    return [{ offset: lineEnd, length: 0, content: separator + line }];
  return [
    { offset: end, length: 0, content: separator },
    { offset: lineEnd, length: 0, content: line },
  ];
}

/** The first field of an empty object; comments within it stay in front. */
function fillObject(text: string, parent: Node, key: string, value: JsonValue): TextEdit[] {
  const close = parent.offset + parent.length - 1;
  const outer = lineIndent(text, parent.offset);
  const inner = outer + indentUnit(text);
  const before = text.slice(parent.offset + 1, close).trimEnd();
  const offset = parent.offset + 1 + before.length;
  const content = `${newline(text)}${inner}${key}: ${print(value, text, inner)}${newline(text)}${outer}`;
  return [{ offset, length: close - offset, content }];
}

function renameField(property: Node, name: string): TextEdit[] {
  const key = property.children?.[0];
  return key ? [{ offset: key.offset, length: key.length, content: JSON.stringify(name) }] : [];
}

function removeField(text: string, property: Node): TextEdit[] {
  const siblings = property.parent?.children ?? [];
  const index = siblings.indexOf(property);
  const previous = siblings[index - 1];
  const end = property.offset + property.length;
  const comma = commaAfter(text, end);
  const edits: TextEdit[] = [];
  if (comma === undefined && previous) {
    const before = commaAfter(text, previous.offset + previous.length);
    if (before !== undefined) edits.push({ offset: before, length: 1, content: '' });
  }
  const lineStart = text.lastIndexOf('\n', property.offset - 1) + 1;
  const behind = comma === undefined ? end : comma + 1;
  const rest = /^[ \t]*(\/\/[^\r\n]*)?(\r?\n|$)/.exec(text.slice(behind));
  const opensLine = text.slice(lineStart, property.offset).trim() === '';
  if (opensLine && rest !== null) {
    const length = behind + rest[0].length - lineStart;
    return [...edits, { offset: lineStart, length, content: '' }];
  }
  // Within a line, the space before goes with the field, or the one behind with the first field.
  const first = edits.length === 0 && (opensLine || /[{]\s*$/.test(text.slice(0, property.offset)));
  const spaceBefore = first ? 0 : (/[ \t]*$/.exec(text.slice(0, property.offset))?.[0].length ?? 0);
  const spaceBehind = first ? (/^[ \t]*/.exec(text.slice(behind))?.[0].length ?? 0) : 0;
  const offset = property.offset - spaceBefore;
  return [...edits, { offset, length: behind + spaceBehind - offset, content: '' }];
}

/** Offset of the comma behind a value, past comments. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  return text[scanner.getTokenOffset()] === ',' ? scanner.getTokenOffset() : undefined;
}

function lineIndent(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
}

/** The first indentation in the text, or two spaces. */
function indentUnit(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

function newline(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** A value as JSON: objects over several lines, each behind `indent`. */
function print(value: JsonValue, text: string, indent: string): string {
  const lines = JSON.stringify(value, undefined, indentUnit(text)).split('\n');
  return lines.join(newline(text) + indent);
}
