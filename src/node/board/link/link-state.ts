import type { StarmindError } from '../../starmind-error';

/** How a link stands. */
export type LinkState =
  /** The board is not there; `lost`: why, when that is known or it was there before. */
  | { status: 'searching'; lost?: StarmindError }
  /** `name`: of its port. */
  | { status: 'connected'; name: string }
  /** Somebody else has the port, by `lend`. */
  | { status: 'lent'; to: string }
  /** The board is there but not to be had; it is tried again. */
  | { status: 'failed'; error: StarmindError }
  | { status: 'closed' };

/** False when there is something new to tell. */
export function isSameState(one: LinkState, other: LinkState): boolean {
  return JSON.stringify(essence(one)) === JSON.stringify(essence(other));
}

function essence(state: LinkState): unknown {
  switch (state.status) {
    case 'closed':
      return [state.status];
    case 'searching':
      return [state.status, state.lost?.code === 'board.waiting' && state.lost.message];
    case 'connected':
      return [state.status, state.name];
    case 'lent':
      return [state.status, state.to];
    case 'failed':
      return [state.status, state.error.message];
  }
}
