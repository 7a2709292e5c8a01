// One thread of the trainer: a bundle of its own, which worker-pool.ts starts.
import { parentPort, workerData } from 'node:worker_threads';
import { arithmeticCode } from '../../core/model/formats';
import { instantiateTrainer } from './wasm-module';
import type { WorkerCommand, WorkerReply, WorkerStart } from './worker-messages';

async function start(): Promise<void> {
  const { module, memory, trainer, thread } = workerData as WorkerStart;
  const kernels = await instantiateTrainer(module, memory);
  // Instances share the memory, so each needs a stack of its own in it.
  kernels.__stack_pointer.value = kernels.trainer_stack_top(trainer, thread);

  parentPort?.on('message', (command: WorkerCommand) => {
    switch (command.type) {
      case 'steps':
        kernels.trainer_run_steps(trainer, thread, command.count);
        break;
      case 'evaluate':
        kernels.trainer_evaluate(
          trainer,
          thread,
          command.count,
          arithmeticCode(command.arithmetic),
        );
        break;
    }
    const reply: WorkerReply = { type: 'done' };
    if (thread === 0) parentPort?.postMessage(reply);
  });
}

void start();
