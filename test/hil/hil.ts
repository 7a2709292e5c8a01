import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programWithModel, modelUf2 } from '../../src/core/export/model-uf2';
import { readUf2 } from '../../src/core/export/uf2';
import type { BenchRecord, HelloRecord } from '../../src/core/wire/device-records';
import { packageRoot } from '../../src/node/assets';
import type { Board } from '../../src/node/board/board';
import { bench, generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import {
  reportOf,
  type CyclesResult,
  type HilReport,
  type ModelResult,
  type ParityResult,
  type UnmatchedResult,
} from './report';
import { lookAround } from './surroundings';
import { goldenImage, goldenModels, goldenRequest, type GoldenModel } from '../golden/models';

/** The connection to the board of a run. */
export interface BoardUnderTest {
  /** Its place, once it was flashed. */
  readonly place: { port: string | undefined; serialNumber: string | undefined };
  /** Puts a UF2 on it and waits until its program answers. */
  flash(uf2: Uint8Array): Promise<void>;
  /** A connection to the program that runs now. */
  connect(): Promise<Board>;
}

export interface HilOptions {
  models?: readonly GoldenModel[];
  onProgress?: (line: string) => void;
  /** Gets the report so far after each model: a board that is lost later does not lose it. */
  onReport?: (report: HilReport) => Promise<void>;
}

/** UF2 files of the programs for any model: for those in SRAM, and for those that stream matrices. */
export interface Programs {
  resident: Uint8Array;
  streaming: Uint8Array;
}

/**
 * Flashes each golden model to a board, compares its tokens with the golden files, and its cycles
 * with those of the virtual Pico.
 */
export async function testBoard(
  programs: Programs,
  board: BoardUnderTest,
  {
    models = goldenModels,
    onProgress = () => undefined,
    onReport = () => Promise.resolve(),
  }: HilOptions = {},
): Promise<HilReport> {
  const surroundings = await lookAround();
  const results: ModelResult[] = [];
  let hello: HelloRecord | undefined;
  const reportNow = (): HilReport =>
    reportOf(results, models.length, { surroundings, place: board.place, hello });
  let flashed: keyof Programs | undefined;
  for (const model of models) {
    const image = goldenImage(model);
    const kind = model.streamed ? 'streaming' : 'resident';
    const whole = programWithModel(segmentsOf(programs[kind]), image);
    onProgress(`${model.name}: flashing`);
    // A program stays; each model is put beside it.
    await board.flash(flashed === kind ? modelUf2(image) : whole);
    flashed = kind;
    const connection = await board.connect();
    let parity: ParityResult;
    let real: readonly BenchRecord[];
    try {
      hello = await waitForHello(connection);
      parity = await compareSpeech(connection, model);
      real = await bench(connection);
    } finally {
      await connection.close();
    }
    onProgress(`${model.name}: emulating`);
    const emulated = await emulatedBench(whole, model);
    results.push({ parity, ...compareCycles(model.name, real, emulated) });
    await onReport(reportNow());
  }
  return reportNow();
}

function segmentsOf(program: Uint8Array) {
  const { value } = readUf2(program);
  if (!value) throw new Error('The program is no UF2 file.');
  return value;
}

async function compareSpeech(board: Board, model: GoldenModel): Promise<ParityResult> {
  const file = join(packageRoot(), 'test/golden/engine', `${model.name}.txt`);
  const [, ...expected] = readFileSync(file, 'utf8').trim().split('\n');
  const { prompt, tokens, seed, sampling } = goldenRequest(model);
  const spoken: string[] = [];
  const request = { prompt, tokens, seed, ...sampling };
  const checked = { ...request, crc: true };
  await generate(board, checked, ({ id, crc }) => spoken.push(`${id} ${crc}`));
  // Computing checksums would slow this generation down.
  const { tokens_per_second } = await generate(board, request, () => undefined);
  const length = Math.max(expected.length, spoken.length);
  const differs = Array.from({ length }, (_, at) => at).find((at) => expected[at] !== spoken[at]);
  return {
    ...{ model: model.name, tokens: spoken.length, differs_at: differs ?? null },
    tokens_per_second,
  };
}

/** The same commands as for the real board: the flash cache depends on earlier ones. */
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

/**
 * Pairs the measurements of both sides by subject; a measurement that only one side has is a fault.
 */
export function compareCycles(
  model: string,
  real: readonly BenchRecord[],
  emulated: readonly BenchRecord[],
): Pick<ModelResult, 'cycles' | 'unmatched'> {
  const [ofBoard, ofEmulator] = [real, emulated].map(
    (records) => new Map(records.map((record) => [nameOf(record), Number(record.cycles)])),
  ) as [Map<string, number>, Map<string, number>];
  const cycles: CyclesResult[] = [];
  const unmatched: UnmatchedResult[] = [];
  for (const what of new Set([...ofBoard.keys(), ...ofEmulator.keys()])) {
    const mine = ofBoard.get(what);
    const other = ofEmulator.get(what);
    if (mine === undefined) unmatched.push({ model, what, missing: 'real' });
    else if (other === undefined) unmatched.push({ model, what, missing: 'emulated' });
    else cycles.push({ model, what, real: mine, emulated: other, error: other / mine - 1 });
  }
  return { cycles, unmatched };
}

function nameOf({ kernel, context, logits }: BenchRecord): string {
  if (kernel !== undefined) return `kernel ${String(kernel)}`;
  return context === undefined ? `sampler of ${String(logits)}` : `token at ${String(context)}`;
}
