import { parentPort, workerData } from 'node:worker_threads';
import type { BoardWorkerStart, FromBoardWorker, ToBoardWorker } from './messages';
import { Runner } from './runner';

// Entry point of the thread that a VirtualBoard starts.
const runner = new Runner(workerData as BoardWorkerStart, post);
parentPort?.on('message', receive);

function post(message: FromBoardWorker): void {
  parentPort?.postMessage(message);
}

function receive(message: ToBoardWorker): void {
  switch (message.type) {
    case 'input':
      runner.write(message.bytes);
      break;
    case 'statistics':
      post({ type: 'statistics', statistics: runner.statistics() });
      break;
  }
}
