import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../process';
import { findTorch, torchRemedy } from '../train/pytorch/python';
import { findPrograms, isAtLeast, officialExtensionFolders, programVersion } from './find';
import { findFlashTool } from './find-flash-tool';
import { findGdb } from './find-gdb';
import { remedyFor, type ToolName } from './remedies';
import { findSdk, type PicoSdk } from './sdk';

/** One line of `starmind doctor`. */
export interface Tool {
  name: ToolName;
  found: boolean;
  version?: string;
  where?: string;
  remedy?: string;
}

/** All tools of a firmware build, found. */
export interface Toolchain {
  compiler: string;
  cmake: string;
  ninja: string;
  sdk: PicoSdk;
}

/** Earliest version that builds the firmware. */
const earliest: Partial<Record<ToolName, string>> = { cmake: '3.13' };

/** The first copy that runs: version managers leave shims of programs that are not installed. */
async function program(name: ToolName): Promise<Tool> {
  for (const where of findPrograms(name, officialExtensionFolders())) {
    const version = await programVersion(where);
    if (version && isAtLeast(version, earliest[name] ?? '0')) {
      return { name, found: true, version, where };
    }
  }
  return { name, found: false, remedy: remedyFor(name) };
}

/** On some systems the C library is a package of its own: only a link shows whether it is there. */
async function newlib(compiler: Tool): Promise<Tool> {
  const name = 'newlib';
  if (!compiler.where) return { name, found: false, remedy: remedyFor(name) };
  const folder = await mkdtemp(join(tmpdir(), 'starmind-'));
  try {
    const source = join(folder, 'probe.cpp');
    await writeFile(source, '#include <cstring>\nint main() { return (int)strlen("a"); }\n');
    const { status } = await runProgram(compiler.where, [
      ...['-mcpu=cortex-m0plus', '-mthumb', '--specs=nosys.specs', source],
      ...['-o', join(folder, 'probe.elf')],
    ]);
    return status === 0
      ? { name, found: true, where: compiler.where }
      : { name, found: false, remedy: remedyFor(name) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Looks for every tool of a firmware build; never installs anything. */
export async function findTools(): Promise<Tool[]> {
  const [compiler, cmake, ninja] = await Promise.all([
    program('arm-none-eabi-gcc'),
    program('cmake'),
    program('ninja'),
  ]);
  const sdk = findSdk();
  return [
    compiler,
    await newlib(compiler),
    cmake,
    ninja,
    sdk
      ? { name: 'pico-sdk', found: true, version: sdk.version, where: sdk.path }
      : { name: 'pico-sdk', found: false, remedy: remedyFor('pico-sdk') },
  ];
}

/** A tool that is useful but not necessary. */
export interface OptionalTool {
  name: 'picotool' | 'openocd' | 'gdb' | 'pytorch';
  use: string;
  where?: string | undefined;
}

/**
 * Looks for tools that only some users need.
 * @param folder may have a virtual environment of Python
 */
export async function findOptionalTools(folder: string): Promise<OptionalTool[]> {
  const torch = await findTorch(folder);
  const tools: OptionalTool[] = [
    {
      ...{ name: 'picotool', use: 'flashes boards whose drive cannot be written to' },
      where: findFlashTool('picotool')?.path,
    },
    {
      ...{ name: 'openocd', use: 'flashes boards through a debug probe' },
      where: findFlashTool('openocd')?.path,
    },
    { name: 'gdb', use: 'debugs the program on the virtual Pico', where: findGdb() },
    {
      ...{ name: 'pytorch', use: `trains where training.engine is pytorch: ${torchRemedy}` },
      where: torch && `${torch.version} of ${torch.python}`,
    },
  ];
  // What is missing has no place in JSON either.
  return tools.map(({ where, ...tool }) => ({ ...tool, ...(where !== undefined && { where }) }));
}

/** The toolchain, when nothing is missing. */
export function assembleToolchain(tools: readonly Tool[]): Toolchain | undefined {
  const where = (name: ToolName) => tools.find((tool) => tool.name === name && tool.found)?.where;
  const compiler = where('arm-none-eabi-gcc');
  const cmake = where('cmake');
  const ninja = where('ninja');
  const sdk = findSdk();
  if (!compiler || !where('newlib') || !cmake || !ninja || !sdk) return undefined;
  return { compiler, cmake, ninja, sdk };
}
