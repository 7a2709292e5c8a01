import { getNodePath, type Node } from 'jsonc-parser';
import type { InlayHint, Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Assessment } from '../../core/estimate/assess';
import { grouped } from '../../core/text';
import { bytesAt } from './costs';

/**
 * The bytes of SRAM that grow with a value, beside it; for the values in a range.
 *
 * @param root JSON of the document as it is
 * @param model of the last text that could be read
 */
export function inlayHints(
  document: TextDocument,
  { start, end }: Range,
  root: Node | undefined,
  model: Assessment,
): InlayHint[] {
  const seen = { from: document.offsetAt(start), to: document.offsetAt(end) };
  return values(root).flatMap((node) => {
    const behind = node.offset + node.length;
    if (behind < seen.from || behind > seen.to) return [];
    const bytes = bytesAt(model, getNodePath(node).join('.'));
    if (!bytes) return [];
    const position = document.positionAt(behind);
    const tooltip = 'SRAM that grows with this value';
    return { position, label: `${grouped(bytes)} B`, paddingLeft: true, tooltip };
  });
}

function values(node: Node | undefined): Node[] {
  if (!node) return [];
  if (node.type === 'object') return (node.children ?? []).flatMap((child) => values(child));
  if (node.type === 'property') return values(node.children?.[1]);
  return [node];
}
