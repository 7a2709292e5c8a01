import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programWithModel, modelUf2 } from '../../src/core/export/model-uf2';
import { readUf2 } from '../../src/core/export/uf2';
import type { BenchRecord, HelloRecord } from '../../src/core/wire/device-records';
import { packageRoot } from '../../src/node/assets';
import type { Board } from '../../src/node/board/board';
import { bench, generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual-board';
import { goldenImage, goldenModels, goldenRequest, type GoldenModel } from '../golden/models';

/** How the board of a run is reached. */
export interface BoardUnderTest {
  /** Puts a UF2 on it and waits until its program answers. */
  flash(uf2: Uint8Array): Promise<void>;
  /** A connection to the program that runs now. */
  connect(): Promise<Board>;
}

export interface ParityResult {
  model: string;
  tokens: number;
  /** Index of the first token that differs from the golden file; null: all agree. */
  differs_at: number | null;
}

export interface CyclesResult {
  model: string;
  /** What was measured: a kernel, a token at a context, or the sampler. */
  what: string;
  real: number;
  emulated: number;
  /** emulated / real - 1 */
  error: number;
}

export interface HilReport {
  board: string;
  clock_mhz: number;
  parity: ParityResult[];
  cycles: CyclesResult[];
  /** Mean and worst size of the errors of whole tokens. */
  token_error: { mean: number; worst: number };
  passed: boolean;
}

/**
 * Flashes each golden model to a board, compares what it says with the golden files, and its cycles
 * with those of the virtual Pico.
 *
 * @param program UF2 of the program that takes any model
 */
export async function testBoard(
  program: Uint8Array,
  board: BoardUnderTest,
  models: readonly GoldenModel[] = goldenModels,
  onProgress: (line: string) => void = () => undefined,
): Promise<HilReport> {
  const { value: segments } = readUf2(program);
  if (!segments) throw new Error('The program is no UF2 file.');
  let hello: HelloRecord | undefined;
  const parity: ParityResult[] = [];
  const cycles: CyclesResult[] = [];
  for (const [index, model] of models.entries()) {
    const image = goldenImage(model);
    const whole = programWithModel(segments, image);
    onProgress(`${model.name}: flashing`);
    // The program stays; each model is put beside it.
    await board.flash(index === 0 ? whole : modelUf2(image));
    const connection = await board.connect();
    let real: readonly BenchRecord[];
    try {
      hello = await waitForHello(connection);
      parity.push(await compareSpeech(connection, model));
      real = await bench(connection);
    } finally {
      await connection.close();
    }
    onProgress(`${model.name}: emulating`);
    cycles.push(...compareCycles(model.name, real, await emulatedBench(whole, model)));
  }
  const tokens = cycles
    .filter(({ what }) => what.startsWith('token'))
    .map(({ error }) => Math.abs(error));
  return {
    board: hello?.board ?? '',
    clock_mhz: hello?.clock_mhz ?? 0,
    parity,
    cycles,
    token_error: {
      mean: tokens.reduce((sum, error) => sum + error, 0) / Math.max(1, tokens.length),
      worst: Math.max(0, ...tokens),
    },
    passed: parity.every(({ differs_at }) => differs_at === null),
  };
}

async function compareSpeech(board: Board, model: GoldenModel): Promise<ParityResult> {
  const file = join(packageRoot(), 'test/golden/engine', `${model.name}.txt`);
  const [, ...expected] = readFileSync(file, 'utf8').trim().split('\n');
  const { prompt, tokens, seed, sampling } = goldenRequest;
  const spoken: string[] = [];
  const request = { prompt, tokens, seed, ...sampling, crc: true };
  await generate(board, request, ({ id, crc }) => spoken.push(`${id} ${crc}`));
  const length = Math.max(expected.length, spoken.length);
  const differs = Array.from({ length }, (_, at) => at).find((at) => expected[at] !== spoken[at]);
  return { model: model.name, tokens: spoken.length, differs_at: differs ?? null };
}

/** The same conversation as with the real one: the flash cache remembers what came before. */
async function emulatedBench(uf2: Uint8Array, model: GoldenModel): Promise<BenchRecord[]> {
  const board = new VirtualBoard(uf2);
  await board.open();
  try {
    await waitForHello(board);
    await compareSpeech(board, model);
    return await bench(board);
  } finally {
    await board.close();
  }
}

function compareCycles(
  model: string,
  real: readonly BenchRecord[],
  emulated: readonly BenchRecord[],
): CyclesResult[] {
  const emulatedCycles = new Map(emulated.map((record) => [nameOf(record), Number(record.cycles)]));
  return real.flatMap((record) => {
    const what = nameOf(record);
    const other = emulatedCycles.get(what);
    const cycles = Number(record.cycles);
    if (other === undefined) return [];
    return [{ model, what, real: cycles, emulated: other, error: other / cycles - 1 }];
  });
}

function nameOf({ kernel, context, logits }: BenchRecord): string {
  if (kernel !== undefined) return `kernel ${String(kernel)}`;
  return context === undefined ? `sampler of ${String(logits)}` : `token at ${String(context)}`;
}

/** The report for people. */
export function reportText(report: HilReport): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const parity = report.parity.map(
    ({ model, tokens, differs_at }) =>
      `| ${model} | ${tokens} | ${differs_at === null ? 'identical' : `differs from token ${differs_at} on`} |`,
  );
  const cycles = report.cycles.map(
    ({ model, what, real, emulated, error }) =>
      `| ${model} | ${what} | ${real} | ${emulated} | ${percent(error)} |`,
  );
  return [
    `# ${report.board} at ${report.clock_mhz} MHz: ${report.passed ? 'passed' : 'failed'}`,
    '',
    '| model | tokens | against the golden file |',
    '| --- | ---: | --- |',
    ...parity,
    '',
    `Emulated against real cycles of whole tokens: mean error ${percent(report.token_error.mean)}, worst ${percent(report.token_error.worst)}.`,
    '',
    '| model | what | real | emulated | error |',
    '| --- | --- | ---: | ---: | ---: |',
    ...cycles,
    '',
  ].join('\n');
}
