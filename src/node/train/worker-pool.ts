import { Worker } from 'node:worker_threads';
import { assetPath } from '../assets';
import type { WorkerCommand, WorkerStart } from './worker-messages';

interface Waiting {
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** The threads of a trainer. They run one command at a time, all of them together. */
export class WorkerPool {
  private readonly workers: Worker[];
  private waiting: Waiting | undefined;
  private failure: Error | undefined;

  constructor(threads: number, shared: Omit<WorkerStart, 'thread'>) {
    this.workers = Array.from({ length: threads }, (_, thread) => {
      const workerData: WorkerStart = { ...shared, thread };
      const worker = new Worker(assetPath('train-worker.js'), { workerData });
      worker.on('message', () => this.settle((waiting) => waiting.resolve()));
      worker.on('error', (error) => this.fail(error));
      worker.on('exit', (code) => this.fail(new Error(`A training thread ended (${code}).`)));
      return worker;
    });
  }

  /** Resolves when every thread has done its part. */
  run(command: WorkerCommand): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.waiting) return Promise.reject(new Error('The training threads are busy.'));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      for (const worker of this.workers) worker.postMessage(command);
    });
  }

  /** Ends the threads, in the middle of a command if need be. */
  async dispose(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private settle(how: (waiting: Waiting) => void): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting) how(waiting);
  }

  /** Without this the other threads would wait for a dead one at a barrier for ever. */
  private fail(error: Error): void {
    this.failure ??= error;
    this.settle((waiting) => waiting.reject(error));
  }
}
