import type { MonitorBoard } from '../../../core/wire/monitor-messages';
import { BoardLink, type LinkOptions } from './board-link';
import type { Transport } from './transport';

/** Looks for the port of a board. Undefined while it is not there. */
export type TransportFor = (
  board: MonitorBoard,
  baudRate: number,
) => Promise<Transport | undefined>;

/** The links to all boards of a program, one each: flash, monitor and prompt share them. */
export class BoardLinks {
  private readonly links = new Map<string, BoardLink>();

  constructor(
    private readonly transportFor: TransportFor,
    private readonly options: Omit<LinkOptions, 'name' | 'find'> = {},
  ) {}

  /** The link to a board; it is closed until somebody connects it. */
  to(board: MonitorBoard): BoardLink {
    const known = this.links.get(board.id);
    if (known) return known;
    const link = new BoardLink({
      ...this.options,
      name: board.label,
      find: (baudRate) => this.transportFor(board, baudRate),
    });
    this.links.set(board.id, link);
    return link;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.links.values()].map((link) => link.disconnect()));
  }
}
