import { systemClock, type Clock } from '../../clock';
import { Listeners, type Disposer, type Listener } from '../listeners';
import { findBoards, type FoundBoards } from './find-boards';
import { virtualPico } from './found-board';

/** Milliseconds between the end of a look and the next. */
const interval = 1000;

/** Keeps looking for boards, once a second while someone listens: they come and go unasked. */
export class BoardWatcher {
  private readonly changes = new Listeners<FoundBoards>();
  private listening = 0;
  private watch: AbortController | undefined;
  private look: Promise<FoundBoards> | undefined;
  private latest: FoundBoards = { boards: [virtualPico], problems: [] };
  private disposed = false;

  constructor(
    private readonly find: () => Promise<FoundBoards> = findBoards,
    private readonly clock: Clock = systemClock,
  ) {}

  /** What the last look saw; the virtual board alone before there was one. */
  get found(): FoundBoards {
    return this.latest;
  }

  /** Calls back when a board comes, goes or changes, and when a look fails otherwise than before. */
  onChange(listener: Listener<FoundBoards>): Disposer {
    const remove = this.changes.add(listener);
    this.listening++;
    if (!this.watch && !this.disposed) this.begin();
    let removed = false;
    return () => {
      if (removed) return;
      removed = true;
      remove();
      if (--this.listening === 0) this.pause();
    };
  }

  /** Looks now, or waits for the look that is under way: there are never two. */
  async refresh(): Promise<FoundBoards> {
    this.look ??= this.find().finally(() => (this.look = undefined));
    const found = await this.look;
    if (!alike(found, this.latest)) {
      this.latest = found;
      if (!this.disposed) this.changes.emit(found);
    }
    return this.latest;
  }

  /** Looks no more and calls nobody back. */
  dispose(): void {
    this.disposed = true;
    this.pause();
  }

  private pause(): void {
    this.watch?.abort();
    this.watch = undefined;
  }

  private begin(): void {
    const watch = new AbortController();
    this.watch = watch;
    void this.keepLooking(watch.signal);
  }

  private async keepLooking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.refresh();
      // The only failure of a sleep is its end.
      await this.clock.sleep(interval, signal).catch(() => undefined);
    }
  }
}

function alike(one: FoundBoards, other: FoundBoards): boolean {
  const asText = ({ boards, problems }: FoundBoards) =>
    JSON.stringify([boards, problems.map(({ message }) => message)]);
  return asText(one) === asText(other);
}
