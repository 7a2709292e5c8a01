import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readImageHeader } from '../../core/export/image-header';
import { packageRoot } from '../assets';
import { exitCodes, interrupted, StarmindError } from '../starmind-error';
import { didYouMean } from '../near-names';
import { replaceFile } from '../files';
import { lastLines, runProgram } from '../process';
import type { InstallOptions } from '../toolchain/apt';
import { ensureToolchain } from '../toolchain/ensure';
import type { Toolchain } from '../toolchain/tools';
import { firmwareUf2, loadElf } from './read-elf';
import { inBuildPlace, requireBuildablePath } from './build-place';
import { nodeCommand } from './node-command';
import { writeModelFolder, type FirmwareInput } from './model-folder';

export interface BuildOptions extends InstallOptions {
  /** Board of the pico-sdk. */
  board: string;
  /** Folder for the ELF, BIN and UF2. */
  outFolder: string;
  /** Folder of the CMake project; the firmware's own unless a test has another. */
  source?: string;
  /** Looks at the folder with the objects before another build may change it. */
  onBuilt?: (folder: string) => Promise<void>;
}

/** Files of a built firmware. */
export interface Firmware {
  elf: string;
  bin: string;
  uf2: string;
  seconds: number;
}

/**
 * Builds the firmware of one model with CMake and Ninja.
 * @throws StarmindError `tool.missing`, `build.board`, `build.path`, `build.failed`, `interrupted`
 */
export async function buildFirmware(
  input: FirmwareInput,
  options: BuildOptions,
): Promise<Firmware> {
  const toolchain = await ensureToolchain(options);
  const started = performance.now();
  const { outFolder, board, source = join(packageRoot(), 'firmware') } = options;
  const { sdk } = toolchain;
  requireBoard(sdk.path, board);
  requireBuildablePaths(toolchain, source);
  await mkdir(outFolder, { recursive: true });
  const files = {
    elf: join(outFolder, 'starmind.elf'),
    bin: join(outFolder, 'starmind.bin'),
    uf2: join(outFolder, 'starmind.uf2'),
  };
  const streams = input.streams ?? (readImageHeader(input.image)?.streamBytes ?? 0) > 0;
  const parts = [source, sdk.path, toolchain.compiler, board, ...(streams ? ['streams'] : [])];
  await inBuildPlace(parts, options, async (folder) => {
    const modelFolder = join(folder, 'model');
    await writeModelFolder(modelFolder, input);
    await configure(toolchain, { source, folder, modelFolder, streams }, options);
    await runStep('Compiling the firmware', toolchain.ninja, ['-C', folder], options);
    for (const [built, file] of [
      ['starmind.elf', files.elf],
      ['starmind.bin', files.bin],
    ] as const) {
      await replaceFile(file, await readFile(join(folder, built)));
    }
    await options.onBuilt?.(folder);
  });
  await replaceFile(files.uf2, firmwareUf2(await loadElf(files.elf)));
  return { ...files, seconds: (performance.now() - started) / 1000 };
}

/** @throws StarmindError `build.path` */
function requireBuildablePaths({ compiler, sdk }: Toolchain, source: string): void {
  requireBuildablePath('the pico-sdk', sdk.path);
  requireBuildablePath('the compiler', compiler);
  requireBuildablePath("the firmware's sources", source);
}

/** @throws StarmindError `build.board` where CMake would fail, and lose its cache */
function requireBoard(sdk: string, board: string): void {
  const folder = join(sdk, 'src', 'boards', 'include', 'boards');
  if (!existsSync(folder) || existsSync(join(folder, `${board}.h`))) return;
  const names = readdirSync(folder).flatMap((file) =>
    file.endsWith('.h') ? [file.slice(0, -2)] : [],
  );
  throw new StarmindError(
    'build.board',
    exitCodes.input,
    `The pico-sdk knows no board "${board}".`,
    `${didYouMean(board, names)}The boards are in ${folder}.`,
  );
}

interface BuildPlace {
  source: string;
  folder: string;
  modelFolder: string;
  /** The model streams matrices from flash. */
  streams: boolean;
}

async function configure(
  { cmake, compiler, ninja, sdk }: Toolchain,
  { source, folder, modelFolder, streams }: BuildPlace,
  options: BuildOptions,
): Promise<void> {
  const definitions = {
    PICO_SDK_PATH: sdk.path,
    ...(sdk.tinyusb ? { PICO_TINYUSB_PATH: sdk.tinyusb } : {}),
    PICO_TOOLCHAIN_PATH: join(compiler, '..'),
    PICO_BOARD: options.board,
    STARMIND_MODEL_DIR: modelFolder,
    STARMIND_STREAMS: streams ? 'ON' : 'OFF',
    STARMIND_NODE: await nodeCommand(folder),
    CMAKE_MAKE_PROGRAM: ninja,
    CMAKE_BUILD_TYPE: 'Release',
  };
  const args = [
    ...['-S', source, '-B', folder, '-G', 'Ninja'],
    ...Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`),
  ];
  const stamp = join(folder, 'configured.json');
  const wanted = JSON.stringify([cmake, ...args]);
  // Ninja configures again by itself when files of CMake have changed.
  if (existsSync(join(folder, 'build.ninja')) && (await textOf(stamp)) === wanted) return;
  const step = async () => {
    await rm(stamp, { force: true });
    await runStep('Configuring the firmware', cmake, args, options);
    await replaceFile(stamp, wanted);
  };
  if (!existsSync(join(folder, 'CMakeCache.txt'))) return step();
  try {
    await step();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    // The cache may belong to another path, board or SDK: try again with a fresh one.
    await rm(join(folder, 'CMakeCache.txt'));
    await rm(join(folder, 'CMakeFiles'), { recursive: true, force: true });
    await step();
  }
}

/** Empty for a file that cannot be read. */
function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function runStep(
  what: string,
  program: string,
  args: readonly string[],
  { signal, onLine }: BuildOptions,
): Promise<void> {
  onLine?.(what);
  const showProgress = (line: string) => {
    const [, done, total] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
    if (done) onLine?.(`${what}: ${done} of ${total}`);
  };
  const { status, output } = await runProgram(program, args, {
    signal,
    onLine: showProgress,
  }).catch((error: unknown) => {
    throw signal?.aborted ? interrupted(what, 'Build it again.') : error;
  });
  if (status === 0) return;
  throw new StarmindError(
    'build.failed',
    exitCodes.toolMissing,
    `${what} failed:\n${lastLines(output)}`,
    'Look at the first error of the output; starmind doctor (Starmind: Doctor in VS Code) shows the tools that were used.',
  );
}
