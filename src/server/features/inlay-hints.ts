import { getNodePath, type Node } from 'jsonc-parser';
import type { InlayHint } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Assessment } from '../../core/estimate/assess';
import { jsonTree } from '../../core/model/json-tree';
import { grouped } from '../../core/text';
import { bytesAt } from './costs';

/** The bytes of SRAM that grow with a value, beside it. */
export function inlayHints(document: TextDocument, model: Assessment): InlayHint[] {
  const root = jsonTree(document.getText());
  return values(root).flatMap((node) => {
    const bytes = bytesAt(model, getNodePath(node).join('.'));
    if (bytes === undefined) return [];
    const position = document.positionAt(node.offset + node.length);
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
