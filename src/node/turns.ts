import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Turns } from '../core/turns';

/** Milliseconds that work may run before other tasks get their turn. */
const turnMs = 20;

/** Lets the event loop run now and then, so that it handles signals and writes output. */
export class Pace {
  private since = performance.now();

  /** Waits when it is time to. @throws the signal's reason */
  async pause(signal?: AbortSignal): Promise<void> {
    if (performance.now() - this.since < turnMs) return;
    await nextTurn();
    this.since = performance.now();
    signal?.throwIfAborted();
  }

  /** Whether it is time to pause. */
  get isDue(): boolean {
    return performance.now() - this.since >= turnMs;
  }
}

/** Runs long work with turns for other tasks in between. @throws the signal's reason */
export async function inTurns<T>(work: Turns<T>, signal?: AbortSignal): Promise<T> {
  const pace = new Pace();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    // Waiting for each of many short turns would cost more than they do.
    if (pace.isDue) await pace.pause(signal);
  }
}
