import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timeShares, type TimeShares } from '../../core/estimate/limits';
import { readImageHeader } from '../../core/export/image-header';
import { modelImageIn } from '../../core/export/model-uf2';
import { readUf2 } from '../../core/export/uf2';
import { Tokenizer } from '../../core/tokenizer/tokenizer';
import type { GenerateRequest } from '../../core/wire/commands';
import { overBoard } from '../../core/wire/prompt-limits';
import type { BenchRecord, HelloRecord } from '../../core/wire/device-records';
import type { VirtualPicoReading } from '../../core/wire/virtual-pico';
import type { Board } from '../board/board';
import { portCalled } from '../board/list-ports';
import { SerialBoard } from '../board/serial-board';
import { bench, generate, generateLine, waitForHello } from '../board/session';
import { VirtualBoard } from '../board/virtual/virtual-board';
import { prepareVirtualPico } from '../board/virtual/virtual-pico';
import { buildRun, firmwareInput } from './build-run';
import { builtUf2, uf2Of } from './built-firmware';
import { programSymbols } from '../build/read-elf';
import { promptTooLong } from '../prompt-errors';
import { exitCodes, interrupted, StarmindError } from '../starmind-error';
import { loadRun, type LoadedRun } from './export';
import type { RunFolder } from './folder';

/** Result of `starmind run`; its keys are part of the command line's contract. */
export interface BoardRun {
  tokens: number[];
  text: string;
  cycles_per_token: number;
  tokens_per_second: number;
  /** The virtual Pico measured the figures. */
  emulated: boolean;
  /** Chip cycles a wall second over the whole generation, in millions; virtual board only. */
  emulated_mhz: number | null;
  /** The same over the second half of its tokens, when most of the program is translated. */
  emulated_mhz_settled: number | null;
  /** Bytes, of each core that computes. */
  peak_stack: number;
  peak_second_stack: number | null;
  /** What the time went into: estimated parts of computing, and what sending took, of 1. */
  time: TimeShares;
  /** SRAM by part as the board reports it, in bytes. */
  memory: Record<string, number>;
  /** CRC-32 of the logits of all positions up to each token, when requested. */
  crcs: string[];
}

export interface BoardOptions {
  /** `virtual`, a serial port, or the serial number of the board behind one. */
  board: string;
  /** Keep the virtual board to real time. */
  paced?: boolean;
  signal?: AbortSignal;
  onProgress?: (line: string) => void;
}

export interface SpeakOptions extends BoardOptions {
  request: GenerateRequest;
  /** Receives the text as the board generates it. */
  onText?: (text: string) => void;
}

/** The name of the virtual Pico where a port could be named. */
export const virtualName = 'virtual';

/** Generates on a board with the model of a run; builds it for a virtual board when necessary. */
export async function speakOnBoard(run: RunFolder, options: SpeakOptions): Promise<BoardRun> {
  const loaded = await loadRun(run);
  // Before a board is built for it, or looked for.
  requireFittingPrompt(loaded, options.request);
  return withBoard(run, loaded, options, async (board, hello) => {
    const tokens: number[] = [];
    const crcs: string[] = [];
    let text = '';
    // When the board disappears meanwhile, the conversation reports it.
    const read = () => board.statistics?.().catch(() => undefined);
    const { max_seq_len } = loaded.config.architecture;
    const halfOf = Math.ceil(Math.min(options.request.tokens ?? Infinity, max_seq_len) / 2);
    const before = read();
    let half = before;
    const done = await generate(
      board,
      options.request,
      (token) => {
        tokens.push(token.id);
        if (tokens.length === halfOf) half = read();
        if (token.crc) crcs.push(token.crc);
        text += token.text;
        options.onText?.(token.text);
      },
      options.signal,
    );
    if (options.signal?.aborted) throw interrupted('The generation', 'Run it again.');
    text += done.text;
    options.onText?.(done.text);
    const after = await read();
    return {
      tokens,
      text,
      cycles_per_token: done.cycles_per_token,
      tokens_per_second: done.tokens_per_second,
      emulated: after !== undefined,
      emulated_mhz: megahertz(await before, after),
      emulated_mhz_settled: megahertz(await half, after),
      peak_stack: done.peak_stack,
      peak_second_stack: done.peak_second_stack ?? null,
      time: timeShares(done, hello.clock_mhz, loaded.config),
      memory: hello.memory,
      crcs,
    };
  });
}

/** Lets a board measure its kernels and whole tokens. */
export async function benchOnBoard(run: RunFolder, options: BoardOptions): Promise<BenchRecord[]> {
  return withBoard(run, await loadRun(run), options, (board) =>
    endedBy(options.signal, board, bench(board)),
  );
}

/** @throws StarmindError `prompt.too-long` or `board.prompt` */
function requireFittingPrompt({ config, tokenizer }: LoadedRun, request: GenerateRequest): void {
  const tokens = new Tokenizer(tokenizer).encode(Buffer.from(request.prompt));
  const over = overBoard(tokens.length, config.architecture.max_seq_len);
  if (over !== undefined) throw promptTooLong(over);
  generateLine(request);
}

/** Megahertz of the emulation between two readings; null without readings. */
function megahertz(
  before: VirtualPicoReading | undefined,
  after: VirtualPicoReading | undefined,
): number | null {
  if (!before || !after) return null;
  const milliseconds = after.busy_ms - before.busy_ms;
  if (milliseconds <= 0) return null;
  return (after.awake_cycles - before.awake_cycles) / milliseconds / 1e3;
}

/** Opens a board, checks that it runs the run's model, and closes it whatever happens. */
async function withBoard<T>(
  run: RunFolder,
  loaded: LoadedRun,
  options: BoardOptions,
  use: (board: Board, hello: HelloRecord) => Promise<T>,
): Promise<T> {
  if (options.board === virtualName) prepareVirtualPico();
  const board =
    options.board === virtualName
      ? new VirtualBoard(await currentUf2(run, loaded, options), {
          paced: options.paced,
          symbols: () => programSymbols(join(run.build, 'starmind.elf')),
        })
      : new SerialBoard(await portCalled(options.board));
  options.onProgress?.(`starting ${board.name}`);
  await board.open();
  try {
    const hello = await endedBy(options.signal, board, waitForHello(board));
    checkModel(board.name, hello, loaded.image);
    return await use(board, hello);
  } finally {
    await board.close();
  }
}

/** Waits for a conversation, which ends when the user interrupts it: the board is closed then. */
export async function endedBy<T>(
  signal: AbortSignal | undefined,
  board: Board,
  conversation: Promise<T>,
): Promise<T> {
  const close = (): void => void board.close();
  signal?.addEventListener('abort', close, { once: true });
  // The signal may have been aborted before the listener was added.
  if (signal?.aborted) close();
  try {
    return await conversation;
  } finally {
    signal?.removeEventListener('abort', close);
  }
}

/**
 * The UF2 of a run, built where it is not up to date; without a toolchain, the prebuilt program with
 * its model.
 */
async function currentUf2(
  run: RunFolder,
  loaded: LoadedRun,
  { signal, onProgress }: BoardOptions,
): Promise<Uint8Array> {
  const current = await builtUf2(run, firmwareInput(loaded), loaded.config.target.board);
  if (current) return current;
  try {
    const report = await buildRun(run, { signal, onLine: onProgress });
    return await readFile(report.uf2);
  } catch (error) {
    const uf2 = uf2Of(run);
    const lacksTools = error instanceof StarmindError && error.code === 'tool.missing';
    const built = lacksTools && existsSync(uf2) ? await readFile(uf2) : undefined;
    if (!built || !holdsModel(built, loaded.image)) throw error;
    return built;
  }
}

/** Whether a UF2 file flashes this very model image. */
function holdsModel(uf2: Uint8Array, image: Uint8Array): boolean {
  const model = modelImageIn(readUf2(uf2).value ?? []);
  return model !== undefined && Buffer.compare(model, image) === 0;
}

/** @throws StarmindError `board.model` when the board has another image than the run, or none */
function checkModel(name: string, hello: HelloRecord, image: Uint8Array): void {
  const { contentHash, tokenizerHash } = readImageHeader(image) ?? {};
  if (hello.model === contentHash) return;
  const found = hello.model ? `model ${hello.model}` : `no model (${hello.image})`;
  throw new StarmindError(
    'board.model',
    exitCodes.board,
    hello.model && hello.tokenizer !== tokenizerHash
      ? `${name} has ${found} with tokenizer ${hello.tokenizer ?? 'none'}; this run is model ${contentHash} with tokenizer ${tokenizerHash}.`
      : `${name} has ${found}; this run is model ${contentHash}.`,
    'Flash this run: starmind flash RUN.',
  );
}
