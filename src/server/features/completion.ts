import { getLocation } from 'jsonc-parser';
import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Assessment } from '../../core/estimate/assess';
import { configValue } from '../../core/model/reconfigure';
import type { JsonValue } from '../../core/problem';
import { fieldAt } from '../../core/model/fields';
import { costOf } from './costs';

/** Adds to each value that is offered what the model would cost with it. */
export function withCosts(
  document: TextDocument,
  offset: number,
  items: readonly CompletionItem[],
  model: Assessment | undefined,
): CompletionItem[] {
  const { path, isAtPropertyKey } = getLocation(document.getText(), offset);
  const dotted = path.join('.');
  if (isAtPropertyKey || !model) return [...items];
  const offered = [...items, ...sizes(dotted, model)];
  return offered.map((item) => {
    const value = parsed(item.label);
    const cost = value === undefined ? undefined : costOf(model, dotted, value);
    return cost ? { ...item, detail: cost } : item;
  });
}

/** Half, once and a half, and double the present size of the shape. */
function sizes(path: string, { value: config }: Assessment): CompletionItem[] {
  const present = config && configValue(config, path);
  if (!path.startsWith('architecture.') || typeof present !== 'number' || fieldAt(path)?.enum) {
    return [];
  }
  const values = [present / 2, present, present * 1.5, present * 2].map(Math.round);
  return [...new Set(values)]
    .filter((value) => value >= 1)
    .map((value, index) => ({
      label: String(value),
      kind: CompletionItemKind.Value,
      sortText: String(index),
    }));
}

function parsed(label: string): JsonValue | undefined {
  try {
    return JSON.parse(label) as JsonValue;
  } catch {
    return undefined;
  }
}
