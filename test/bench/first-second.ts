/**
 * `node test/bench/run.mjs first-second`: how soon after its start `starmind run --board virtual`
 * has shown 24 tokens of `balanced`, and at how many megahertz it emulates its 63 tokens; then the
 * same board once its speed has settled. Medians of several runs. Prints JSON.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import type { BoardRun } from '../../src/node/run/on-board';
import { starmind, withSmallRun } from './small-run';

const repetitions = 5;
/** Speeches after which the program is translated and optimised, and those that are measured then. */
const warmUpSpeeches = 60;
const settledSpeeches = 20;
/** Tokens that the context of 64 holds beside the start token. */
const wholeSpeech = 63;

function arguments_(run: string, tokens: number): string[] {
  return [starmind, 'run', run, '--board', 'virtual', '--tokens', String(tokens)];
}

/** Seconds from the start of the process to its first and last token. */
async function timeTokens(run: string, tokens: number): Promise<{ first: number; last: number }> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const child = spawn(process.execPath, arguments_(run, tokens), {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const times: number[] = [];
  child.stdout.on('data', (text: Buffer) => {
    if (!/tokens\/s/.test(text.toString())) times.push(seconds());
  });
  await new Promise((resolve) => child.once('close', resolve));
  return { first: times[0] ?? NaN, last: times.at(-1) ?? NaN };
}

function speedOf(run: string): BoardRun {
  const { stdout } = spawnSync(process.execPath, [...arguments_(run, wholeSpeech), '--json']);
  return JSON.parse(stdout.toString()) as BoardRun;
}

/** Megahertz of one board that generates repeatedly. */
async function settledSpeed(run: string): Promise<number> {
  const board = new VirtualBoard(await readFile(join(run, 'build', 'starmind.uf2')));
  await board.open();
  try {
    await waitForHello(board);
    const speak = (seed: number) =>
      generate(board, { prompt: '', tokens: wholeSpeech, seed }, () => undefined);
    for (let seed = 0; seed < warmUpSpeeches; seed++) await speak(seed);
    const before = await board.statistics();
    for (let seed = 0; seed < settledSpeeches; seed++) await speak(warmUpSpeeches + seed);
    const after = await board.statistics();
    return (after.awake_cycles - before.awake_cycles) / (after.busy_ms - before.busy_ms) / 1000;
  } finally {
    await board.close();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function main(): Promise<void> {
  const result = await withSmallRun(async (run) => {
    const times: { first: number; last: number }[] = [];
    for (let i = 0; i < repetitions; i++) times.push(await timeTokens(run, 24));
    const speeds = Array.from({ length: repetitions }, () => speedOf(run));
    return {
      seconds_from_process_start: {
        first_token: median(times.map(({ first }) => first)),
        last_of_24_tokens: median(times.map(({ last }) => last)),
      },
      emulated_mhz: {
        whole_63_tokens: median(speeds.map(({ emulated_mhz }) => emulated_mhz ?? NaN)),
        second_half: median(speeds.map(({ emulated_mhz_settled }) => emulated_mhz_settled ?? NaN)),
        once_settled: await settledSpeed(run),
      },
    };
  });
  console.log(JSON.stringify(result, null, 2));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
