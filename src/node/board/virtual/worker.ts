import { parentPort } from 'node:worker_threads';
import type { FromBoardWorker, ToBoardWorker } from './messages';
import { Runner } from './runner';

// Entry point of the thread that a VirtualPico starts.
let runner: Runner | undefined;
parentPort?.on('message', receive);

function post(message: FromBoardWorker): void {
  parentPort?.postMessage(message);
}

function receive(message: ToBoardWorker): void {
  switch (message.type) {
    case 'begin':
      runner = new Runner(message, post);
      return;
    case 'input':
      return runner?.write(message.bytes);
    case 'read':
      return runner && post({ type: 'reading', reading: runner.read() });
    case 'power':
      return runner?.setPower(message.on, message.start);
    case 'restart':
      return runner?.restart(message.bootsel, message.start);
    case 'program':
      return runner?.program(message, message.start);
    case 'pace':
      return runner?.pace(message.paced);
    case 'debug':
      return void runner?.debug(message.on);
    case 'end':
      runner?.keepTranslations();
      process.exit();
  }
}
