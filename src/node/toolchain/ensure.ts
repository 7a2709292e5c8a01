import { exitCodes, StarmindError } from '../starmind-error';
import { aptInstall, type InstallOptions } from './apt';
import { fetchSdk } from './fetch-sdk';
import type { ToolName } from './remedies';
import { assembleToolchain, findTools, type Tool, type Toolchain } from './tools';

/** Debian packages that bring a tool. */
const packagesFor: Partial<Record<ToolName, readonly string[]>> = {
  'arm-none-eabi-gcc': ['gcc-arm-none-eabi'],
  newlib: ['libnewlib-arm-none-eabi', 'libstdc++-arm-none-eabi-newlib'],
  cmake: ['cmake'],
  ninja: ['ninja-build'],
};

/** Names the tools that a build lacks, each with its remedy. */
export function missingToolsError(missing: readonly Tool[]): StarmindError {
  return new StarmindError(
    'tool.missing',
    exitCodes.toolMissing,
    `The firmware cannot be built here: ${missing.map(({ name }) => name).join(', ')} not found.`,
    [...new Set(missing.map(({ remedy }) => remedy))].join('\n'),
  );
}

let found: Toolchain | undefined;

/**
 * Finds the toolchain and installs missing tools where that needs no question.
 * STARMIND_NO_INSTALL=1 forbids installing.
 *
 * @throws StarmindError `tool.missing` with a remedy for each tool that is still missing
 */
export async function ensureToolchain(options: InstallOptions = {}): Promise<Toolchain> {
  if (found) return found;
  let tools = await findTools();
  let missing = tools.filter((tool) => !tool.found);
  if (missing.length > 0 && !process.env.STARMIND_NO_INSTALL) {
    await installMissing(missing, options);
    tools = await findTools();
    missing = tools.filter((tool) => !tool.found);
  }
  found = assembleToolchain(tools);
  if (!found) throw missingToolsError(missing);
  return found;
}

async function installMissing(missing: readonly Tool[], options: InstallOptions): Promise<void> {
  const packages = missing.flatMap(({ name }) => packagesFor[name] ?? []);
  if (packages.length > 0) await aptInstall(packages, options);
  if (missing.some(({ name }) => name === 'pico-sdk')) await fetchSdk(options);
}
