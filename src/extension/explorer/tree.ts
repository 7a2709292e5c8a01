import type { PicoPort } from '../../node/board/list-ports';
import { modelNode, type ModelEntry } from './model-node';
import type { BoardNode, ModelNode, Node } from './nodes';

/** The roots of the Starmind view. Without a model there are none: the view then says what to do. */
export function buildTree(models: readonly ModelEntry[], ports: readonly PicoPort[]): Node[] {
  if (models.length === 0) return [];
  return [
    {
      kind: 'group',
      id: 'models',
      label: 'Models',
      children: distinct(models.map(modelNode), models),
    },
    {
      kind: 'group',
      id: 'boards',
      label: 'Boards',
      children: [virtualPico, ...ports.map(boardNode)],
    },
  ];
}

/** Models of one name are told apart by where they are. */
function distinct(nodes: ModelNode[], entries: readonly ModelEntry[]): ModelNode[] {
  return nodes.map((node, index) => {
    const alike = nodes.filter(({ label }) => label === node.label).length > 1;
    if (!alike) return node;
    return { ...node, description: `${entries[index]?.path} · ${node.description}` };
  });
}

const virtualPico: BoardNode = {
  kind: 'board',
  id: 'board:virtual',
  label: 'Virtual Pico',
  description: 'emulated here',
  tooltip: 'An RP2040 that this computer emulates, with the cycles of the real one.',
  isVirtual: true,
};

function boardNode({ path, serialNumber }: PicoPort): BoardNode {
  return {
    kind: 'board',
    id: `board:${path}`,
    label: path,
    description: 'Pico',
    tooltip: serialNumber && `Serial number ${serialNumber}`,
    isVirtual: false,
  };
}
