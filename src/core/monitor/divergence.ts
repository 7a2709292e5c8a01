import type { HostToken } from '../wire/monitor-messages';
import type { Generation, SpokenToken } from './speech';

/** The first difference between board and host. A token is absent where its side has ended. */
export interface Divergence {
  index: number;
  board?: SpokenToken;
  host?: HostToken;
}

/** The first token in which board and host differ; undefined while there is none. */
export function firstDivergence({ tokens, host, done }: Generation): Divergence | undefined {
  if (!host) return undefined;
  for (const board of tokens) {
    const other = host.tokens[board.index];
    if (other && other.id !== board.id) return { index: board.index, board, host: other };
  }
  // A generation that the user stopped is no shorter for a fault of its own.
  if (!done || done.reason === 'stopped' || !host.done) return undefined;
  const end = (tokens.at(-1)?.index ?? -1) + 1;
  if (end === host.tokens.length) return undefined;
  const index = Math.min(end, host.tokens.length);
  const board = tokens.find((token) => token.index === index);
  const other = host.tokens[index];
  return { index, ...(board && { board }), ...(other && { host: other }) };
}

/** How many tokens both sides have, and whether more will follow. */
export function agreement({ tokens, host, done, failure }: Generation): {
  both: number;
  isOver: boolean;
} {
  const end = (tokens.at(-1)?.index ?? -1) + 1;
  const isOver = (done !== undefined || failure !== undefined) && host?.done === true;
  return { both: Math.min(end, host?.tokens.length ?? 0), isOver };
}

/** The difference, in a sentence. */
export function divergenceText({ index, board, host }: Divergence): string {
  const said = (token: { id: number; text: string } | undefined) =>
    token ? `says ${JSON.stringify(token.text)} (id ${token.id})` : 'has ended';
  return `Token ${index}: the board ${said(board)}, this computer ${said(host)}.`;
}
