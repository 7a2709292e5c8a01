import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { MemoryItem, MemoryOwner } from '../../src/core/estimate/memory-map';
import type { ShapeField } from '../../src/core/model/shape';

/**
 * The target that the user points at: a part of the network, or a size that many parts depend on.
 */
export type Target = { owner: MemoryOwner } | { field: ShapeField };

export interface Pointing {
  target: Target | undefined;
  point(target: Target | undefined): void;
}

export const PointingContext = createContext<Pointing>({ target: undefined, point: () => {} });

/** Event handlers that make an element point at a target, by mouse and by keyboard. */
export function usePointer(target: Target) {
  const { point } = useContext(PointingContext);
  const at = () => point(target);
  const away = () => point(undefined);
  return { onMouseEnter: at, onMouseLeave: away, onFocusIn: at, onFocusOut: away };
}

/** `lit` for the target that the user points at, `unlit` for everything else meanwhile. */
export function useLight(item: Pick<MemoryItem, 'owner' | 'growsWith'>): 'lit' | 'unlit' | '' {
  const { target } = useContext(PointingContext);
  if (!target) return '';
  const isLit =
    'owner' in target ? target.owner === item.owner : item.growsWith.includes(target.field);
  return isLit ? 'lit' : 'unlit';
}
