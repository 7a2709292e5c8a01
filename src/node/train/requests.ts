import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { trainingRequests } from '../../core/train/run-progress';
import type { TrainingRequest } from '../../core/train/run-progress';
import { replaceFile } from '../files';

/** What somebody asks of the training at work. A file is heard on every system, signals are not. */
export const requestPath = (runFolder: string): string => join(runFolder, 'request.txt');

/** Milliseconds between two looks for a request. */
const interval = 200;

/**
 * Asks something of the training that runs in a folder; it hears within a second.
 *
 * @throws StarmindError `disk.full` or `run.unwritable`
 */
export function askTraining(runFolder: string, request: TrainingRequest): Promise<void> {
  return replaceFile(requestPath(runFolder), `${request}\n`);
}

function readRequest(runFolder: string): TrainingRequest | undefined {
  try {
    const text = readFileSync(requestPath(runFolder), 'utf8').trim();
    return trainingRequests.find((request) => request === text);
  } catch {
    return undefined;
  }
}

/** The requests to one training, and the time that it was paused for. */
export class Requests {
  private paused = 0;
  private looked = -Infinity;

  /** @param onPause called when a pause begins and when it ends */
  constructor(
    private readonly runFolder: string,
    private readonly onPause: (isPaused: boolean) => void,
  ) {}

  /** Forgets what was asked of an earlier training. */
  async begin(): Promise<void> {
    await rm(requestPath(this.runFolder), { force: true });
  }

  /** Wall-clock seconds without pauses. */
  readonly clock = (): number => performance.now() / 1000 - this.paused;

  /**
   * Answers the requests so far: waits through a pause, then says whether to train on, to end with
   * what was learnt, or to throw that away.
   */
  async answer(signal: AbortSignal | undefined): Promise<'go-on' | 'stop' | 'discard'> {
    const now = performance.now();
    if (now - this.looked < interval) return 'go-on';
    this.looked = now;
    const request = readRequest(this.runFolder);
    if (request !== 'pause') return request ?? 'go-on';
    this.onPause(true);
    let next: TrainingRequest | undefined = request;
    while (next === 'pause' && !signal?.aborted) {
      await wait(interval);
      next = readRequest(this.runFolder);
    }
    this.paused += (performance.now() - now) / 1000;
    this.onPause(false);
    return next === 'stop' || next === 'discard' ? next : 'go-on';
  }
}
