/**
 * `node test/bench/run.mjs idle [seconds]`: the processor time that a virtual Pico waiting for a
 * prompt and the watch for boards use together, in all threads of the process, and how soon the
 * Pico answers a prompt then. Prints JSON.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BoardWatcher } from '../../src/node/board/find/board-watcher';
import { generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { withSmallRun } from './small-run';

const seconds = Number(process.argv[2] ?? 60);
/** Until the board is at rest, and its program is translated. */
const settlingMs = 5000;

const pass = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function main(): Promise<void> {
  const result = await withSmallRun(async (run) => {
    const board = new VirtualBoard(await readFile(join(run, 'build', 'starmind.uf2')), {
      paced: true,
    });
    const watcher = new BoardWatcher();
    await board.open();
    try {
      await waitForHello(board);
      watcher.onChange(() => undefined);
      await generate(board, { prompt: '', tokens: 63 }, () => undefined);
      await pass(settlingMs);
      const before = cpuMs();
      const emulated = (await board.statistics()).cycles;
      await pass(1000 * seconds);
      const share = (cpuMs() - before) / (1000 * seconds);
      const passed = (await board.statistics()).cycles - emulated;
      let firstToken = NaN;
      const prompted = performance.now();
      await generate(board, { prompt: '', tokens: 8 }, () => {
        if (Number.isNaN(firstToken)) firstToken = performance.now() - prompted;
      });
      return {
        seconds,
        processor_percent: 100 * share,
        emulated_megacycles_a_second: passed / seconds / 1e6,
        prompt_to_first_token_ms: firstToken,
      };
    } finally {
      watcher.dispose();
      await board.close();
    }
  });
  console.log(JSON.stringify(result, null, 2));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
