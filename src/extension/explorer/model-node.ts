import { assessModel } from '../../core/estimate/assess';
import type { FindBase } from '../../core/model/base';
import { fileSize, grouped, speed } from '../../core/text';
import type { ModelNode } from './nodes';
import { runNode, type RunEntry } from './run-node';

/** A model.json and the files beside it. */
export interface ModelEntry {
  uri: string;
  /** Its place, in words for the user. */
  path: string;
  /** Name to show when the model gives itself none. */
  fallbackName: string;
  text: string;
  /** Finds the runs that it names. */
  findBase?: FindBase | undefined;
  runs: readonly RunEntry[];
}

/** A model with its cost or its errors, and its runs. */
export function modelNode({
  uri,
  path,
  fallbackName,
  text,
  findBase,
  runs,
}: ModelEntry): ModelNode {
  const { value, estimate, problems } = assessModel(text, fallbackName, undefined, findBase);
  const common = {
    kind: 'model',
    id: uri,
    uri,
    label: value?.name ?? fallbackName,
    children: runs.map((run) => runNode(uri, run)),
  } as const;
  if (!estimate) {
    const error = problems.find(({ severity }) => severity === 'error');
    const tooltip = `${path}: ${error?.message ?? 'It cannot be used.'}`;
    return { ...common, state: 'invalid', description: 'cannot be used', tooltip };
  }
  const { sram, speed: estimated, fits } = estimate;
  const figures = `${fileSize(sram.total)} · ${speed(estimated.tokens_per_second)}`;
  return {
    ...common,
    state: fits ? 'fits' : 'over',
    description: fits ? figures : `${figures} · too large`,
    tooltip: `${path}: ${grouped(sram.total)} of ${grouped(sram.limit)} bytes of SRAM`,
  };
}
