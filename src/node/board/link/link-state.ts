import type { StarmindError } from '../../starmind-error';

/** The state of a link. */
export type LinkState =
  /** The board is absent; `lost`: why, when that is known or it was there before. */
  | { status: 'searching'; lost?: StarmindError }
  /** `name`: that of its port. */
  | { status: 'connected'; name: string }
  /** Another client has the port, by `lend`. */
  | { status: 'lent'; to: string }
  /** The board is there but its port cannot be opened; the link tries again. */
  | { status: 'failed'; error: StarmindError }
  | { status: 'closed' };

/** Whether two states are the same to a listener. */
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
