import { modelNode, type ModelEntry } from './model-node';
import type { ModelNode } from './nodes';

/**
 * The roots of the view of models. Without a model there are none: the view then shows what to do.
 */
export function buildTree(models: readonly ModelEntry[]): ModelNode[] {
  return distinct(models.map(modelNode), models);
}

/** Adds their place to models of the same name. */
function distinct(nodes: ModelNode[], entries: readonly ModelEntry[]): ModelNode[] {
  return nodes.map((node, index) => {
    const alike = nodes.filter(({ label }) => label === node.label).length > 1;
    if (!alike) return node;
    return { ...node, description: `${entries[index]?.path} · ${node.description}` };
  });
}
