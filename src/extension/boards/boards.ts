import type { Memento } from 'vscode';
import { BoardWatcher } from '../../node/board/find/board-watcher';
import { virtualPico, type FoundBoard } from '../../node/board/find/found-board';
import { BoardLink } from '../../node/board/link/board-link';
import { SerialTransport, usualBaudRate } from '../../node/board/link/serial-transport';
import type { Transport } from '../../node/board/link/transport';
import { Listeners, type Disposer } from '../../node/board/listeners';
import { inBootloader, virtualPicoIdle } from '../command-errors';
import type { WindowPico } from '../virtual-pico/window-pico';
import { WindowPicoTransport } from './window-pico-transport';

const chosenKey = 'boards.chosen';
const labelKey = 'boards.label.';
const ratesKey = 'boards.baudRates';

/** The boards of this computer, the one that the user works with, and the one link to each. */
export class Boards {
  readonly watcher = new BoardWatcher();
  private readonly links = new Map<string, BoardLink>();
  private readonly choices = new Listeners<string>();

  /**
   * @param memories where the choice is kept: for this folder, and as the default of new folders
   */
  constructor(
    private readonly windowPico: WindowPico,
    private readonly memories: { folder: Memento; everywhere: Memento },
  ) {}

  /** The boards that the last look found, and always the virtual Pico. */
  get all(): readonly FoundBoard[] {
    return this.watcher.found.boards;
  }

  /** Id of the board that the user chose last in this folder, else in another one. */
  get chosenId(): string {
    return this.chosenBefore ?? virtualPico.id;
  }

  /** Label of the chosen board, also while it is not plugged in. */
  get chosenLabel(): string {
    const id = this.chosenId;
    return this.find(id)?.label ?? this.memories.everywhere.get(labelKey + id, id);
  }

  /** Undefined while the user has chosen none. */
  get chosenBefore(): string | undefined {
    const { folder, everywhere } = this.memories;
    return folder.get(chosenKey) ?? everywhere.get(chosenKey);
  }

  find(id: string): FoundBoard | undefined {
    return this.all.find((board) => board.id === id);
  }

  async choose(id: string): Promise<void> {
    const before = this.chosenId;
    const { folder, everywhere } = this.memories;
    await folder.update(chosenKey, id);
    await everywhere.update(chosenKey, id);
    await everywhere.update(labelKey + id, this.find(id)?.label);
    if (id !== before) this.choices.emit(id);
  }

  onChoice(listener: (id: string) => void): Disposer {
    return this.choices.add(listener);
  }

  /** The one owner of a board's port. It connects only when a caller asks for it. */
  link(id: string): BoardLink {
    const known = this.links.get(id);
    if (known) return known;
    const link = new BoardLink({
      name: () => this.find(id)?.label ?? 'The board',
      find: (baudRate) => this.transport(id, baudRate),
      baudRate: this.rates[id] ?? usualBaudRate,
      // On the virtual Pico only a program that hangs is silent for long.
      ...(id === virtualPico.id && {
        patience: { greeting: 60_000, answer: 600_000, stop: 60_000 },
      }),
    });
    this.links.set(id, link);
    return link;
  }

  /**
   * Sets the rate of a board's port and remembers it.
   *
   * @throws StarmindError when the port does not support the rate
   */
  async setBaudRate(id: string, baudRate: number): Promise<void> {
    await this.link(id).setBaudRate(baudRate);
    await this.memories.folder.update(ratesKey, { ...this.rates, [id]: baudRate });
  }

  private get rates(): Readonly<Record<string, number>> {
    return this.memories.folder.get(ratesKey, {});
  }

  async dispose(): Promise<void> {
    this.watcher.dispose();
    await Promise.all([...this.links.values()].map((link) => link.disconnect()));
  }

  private async transport(id: string, baudRate: number): Promise<Transport | undefined> {
    if (id === virtualPico.id) {
      const { power } = await this.windowPico.read();
      if (power === 'running' || power === 'halted')
        return new WindowPicoTransport(this.windowPico);
      throw virtualPicoIdle(power);
    }
    const { boards, problems } = await this.watcher.refresh();
    const board = boards.find((candidate) => candidate.id === id);
    if (board?.kind === 'bootloader') throw inBootloader();
    if (board && 'port' in board) return new SerialTransport(board.port, baudRate);
    // Where ports cannot be listed, the board may be there all the same.
    if (problems[0]) throw problems[0];
    return undefined;
  }
}
