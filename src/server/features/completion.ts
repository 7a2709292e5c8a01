import { getLocation } from 'jsonc-parser';
import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Assessment } from '../../core/estimate/assess';
import { configValue } from '../../core/model/reconfigure';
import type { JsonValue } from '../../core/problem';
import { isAllowed } from '../../core/model/fields';
import { costOf } from './costs';

/** Adds its cost to each offered value, and offers sizes of its own. */
export function withCosts(
  document: TextDocument,
  offset: number,
  items: readonly CompletionItem[],
  model: Assessment | undefined,
): CompletionItem[] {
  const text = document.getText();
  const { path, isAtPropertyKey } = getLocation(text, offset);
  if (isAtPropertyKey || !model) return [...items];
  const dotted = path.join('.');
  const cost = (label: string) => {
    const value = parsed(label);
    return value === undefined ? undefined : costOf(model, dotted, value);
  };
  const costed = items.map((item) => ({ ...item, detail: cost(item.label) ?? item.detail }));
  const place = valueAround(text, offset);
  if (!place) return costed;
  const range = { start: document.positionAt(place.start), end: document.positionAt(place.end) };
  const offered = sizes(dotted, model).map((size, index): CompletionItem => ({
    label: String(size),
    kind: CompletionItemKind.Value,
    sortText: String(index),
    // Editors hide entries that do not begin like the text that they replace.
    filterText: text.slice(place.start, place.end) || String(size),
    detail: cost(String(size)),
    textEdit: { range, newText: String(size) },
  }));
  // A size without a cost breaks a rule, as three key/value heads for four heads do.
  const usable = offered.filter(({ detail }) => detail !== undefined);
  const labels = new Set(usable.map(({ label }) => label));
  return [...costed.filter(({ label }) => !labels.has(label)), ...usable];
}

/** The number at an offset, or the empty place for one; undefined within anything else. */
function valueAround(text: string, offset: number): { start: number; end: number } | undefined {
  const before =
    /[\w.+-]*$/.exec(text.slice(Math.max(0, offset - longestNumber), offset))?.[0] ?? '';
  const behind = /^[\w.+-]*/.exec(text.slice(offset, offset + longestNumber))?.[0] ?? '';
  const start = offset - before.length;
  const isEmptyPlace = before + behind === '';
  if (isEmptyPlace ? !/:\s*$/.test(text.slice(0, offset)) : !/^[\d.+-]/.test(before + behind)) {
    return undefined;
  }
  return { start, end: offset + behind.length };
}

const longestNumber = 32;

/** Half, once and a half, and double the present size of the shape. */
function sizes(path: string, { value: config }: Assessment): number[] {
  const present = config && configValue(config, path);
  if (!path.startsWith('architecture.') || typeof present !== 'number') return [];
  const values = [present / 2, present, present * 1.5, present * 2].map(Math.round);
  return [...new Set(values)].filter((value) => isAllowed(path, value));
}

function parsed(label: string): JsonValue | undefined {
  try {
    return JSON.parse(label) as JsonValue;
  } catch {
    return undefined;
  }
}
