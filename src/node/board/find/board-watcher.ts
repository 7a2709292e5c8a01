import { systemClock, type Clock } from '../../clock';
import { Listeners, type Disposer, type Listener } from '../listeners';
import { deviceNotice, type DeviceNotice } from './device-notice';
import { findBoards, type FoundBoards } from './find-boards';
import { virtualPico } from './found-board';

/** Milliseconds between the end of a look and the next. */
const interval = 1000;
/** The same where the system reports devices, and has reported none for some looks. */
const calmInterval = 10_000;
/**
 * Number of quick looks after a device has come or gone: its drive is mounted some seconds later.
 */
const eagerLooks = 15;

/**
 * Keeps looking for boards while it has listeners, since boards come and go at any time. It looks
 * once a second, or less often where the system reports changes of devices.
 */
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
    private readonly devices: DeviceNotice = deviceNotice,
  ) {}

  /** Boards of the last look; only the virtual board before the first. */
  get found(): FoundBoards {
    return this.latest;
  }

  /** Calls back when a board comes, goes or changes, or when the problems of a look differ. */
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

  /** Looks now, or waits for the look in progress: there are never two. */
  async refresh(): Promise<FoundBoards> {
    this.look ??= this.find().finally(() => (this.look = undefined));
    const found = await this.look;
    if (!alike(found, this.latest)) {
      this.latest = found;
      if (!this.disposed) this.changes.emit(found);
    }
    return this.latest;
  }

  /** Stops looking and calls no listener any more. */
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
    let eager = eagerLooks;
    let wake = new AbortController();
    const stopTelling = this.devices(() => {
      eager = eagerLooks;
      wake.abort();
    });
    const end = (): void => wake.abort();
    signal.addEventListener('abort', end);
    while (!signal.aborted) {
      const { latest } = this;
      await this.refresh();
      if (this.latest !== latest) eager = eagerLooks;
      const isCalm = stopTelling !== undefined && --eager < 0;
      // A sleep fails only when it is aborted.
      await this.clock.sleep(isCalm ? calmInterval : interval, wake.signal).catch(() => undefined);
      wake = new AbortController();
    }
    signal.removeEventListener('abort', end);
    stopTelling?.();
  }
}

function alike(one: FoundBoards, other: FoundBoards): boolean {
  const asText = ({ boards, problems }: FoundBoards) =>
    JSON.stringify([boards, problems.map(({ message }) => message)]);
  return asText(one) === asText(other);
}
