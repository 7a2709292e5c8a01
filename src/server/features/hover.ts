import { findNodeAtOffset, getNodePath, type Node } from 'jsonc-parser';
import type { Hover } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Assessment } from '../../core/estimate/assess';
import { factorCosts, figuresOf, type FactorStep } from '../../core/estimate/factors';
import { grouped } from '../../core/text';
import { fieldAt } from '../../core/model/fields';
import { bytesAt } from './costs';

/** Documentation of the field at an offset, with its cost in this model. */
export function hoverAt(
  document: TextDocument,
  offset: number,
  root: Node | undefined,
  model: Assessment | undefined,
): Hover | undefined {
  const node = root && findNodeAtOffset(root, offset);
  const target = node?.parent?.type === 'property' ? node.parent : node;
  if (!target) return undefined;
  const path = getNodePath(target.type === 'property' ? (target.children?.[0] ?? target) : target);
  const dotted = path.join('.');
  const field = fieldAt(dotted);
  if (!field) return undefined;
  const lines = [`**${dotted}**`, field.description];
  if (field.default !== undefined) lines.push(`Default: \`${JSON.stringify(field.default)}\``);
  if (model) lines.push(...costs(model, dotted));
  const range = {
    start: document.positionAt(target.offset),
    end: document.positionAt(target.offset + target.length),
  };
  return { contents: { kind: 'markdown', value: lines.join('\n\n') }, range };
}

function costs(model: Assessment, path: string): string[] {
  const lines: string[] = [];
  const placement = model.estimate?.placement;
  if (path === 'target.weights' && placement) lines.push(placement);
  const bytes = bytesAt(model, path);
  if (bytes) lines.push(`${grouped(bytes)} bytes of SRAM grow with it.`);
  if (!model.value || !model.file) return lines;
  const cost = factorCosts(model.file, model.value).find(
    ({ factor }) => path === `architecture.${factor}`,
  );
  if (!cost) return lines;
  const row = (name: string, step: Omit<FactorStep, 'changes'> | undefined) =>
    step
      ? [
          `| ${name} | ${step.value} | ${grouped(step.figures.sram)} B | ${step.figures.tokens_per_second.toFixed(1)} | ${step.figures.fits ? 'yes' : 'no'} |`,
        ]
      : [];
  const now = { value: cost.value, figures: figuresOf(model.value) };
  const rows = [...row('half', cost.halved), ...row('now', now), ...row('double', cost.doubled)];
  return [...lines, ['| | value | SRAM | tok/s | fits |', '|-|-|-|-|-|', ...rows].join('\n')];
}
