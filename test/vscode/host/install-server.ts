import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder } from '../../../src/node/cache';
import { lastLines, runProgram, type RunOptions } from '../../../src/node/process';
import { aptInstall } from '../../../src/node/toolchain/apt';
import { say } from './say';

/** The npm package that carries a VS Code server, and the Node line that it needs. */
const serverVersion = '4.139.1';
const nodePackage = `node-${process.platform}-${process.arch}`;
const nodeVersion = '24';

/** Packages that compiling the server's native modules needs beside Node's headers. */
const debianPackages = ['libkrb5-dev', 'make', 'g++', 'python3'];

/** An installed VS Code server. */
export interface ServerInstall {
  node: string;
  /** Folder of the server, with out/server-main.js. */
  vscode: string;
}

/**
 * The VS Code server in the user's cache, installed when it is missing (some minutes). The folder
 * appears atomically, so that an interrupted installation never counts as complete. Not for
 * Windows, where the package does not install.
 */
export async function ensureServer(signal: AbortSignal): Promise<ServerInstall> {
  const folder = cacheFolder('vscode-server', serverVersion);
  if (existsSync(folder)) {
    say(`VS Code server: ${folder}`);
    return installIn(folder);
  }
  const part = `${folder}.part`;
  say(`VS Code server: installing code-server ${serverVersion} into ${folder}`);
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await installInto(part, signal);
  await rename(part, folder);
  return installIn(folder);
}

function installIn(folder: string): ServerInstall {
  const modules = join(folder, 'node_modules');
  return {
    node: join(modules, nodePackage, 'bin', 'node'),
    vscode: join(modules, 'code-server', 'lib', 'vscode'),
  };
}

async function installInto(folder: string, signal: AbortSignal): Promise<void> {
  if (!(await aptInstall(debianPackages, { signal }))) {
    say(`  not installed here, and needed where missing: ${debianPackages.join(', ')}`);
  }
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  // Only the files: the package's own dependencies serve its login page, which is not used.
  await npm(folder, { signal }, [
    ...['install', '--ignore-scripts', `code-server@${serverVersion}`],
    `${nodePackage}@${nodeVersion}`,
  ]);
  const { node, vscode } = installIn(folder);
  // Native modules must see the headers of the Node that will load them.
  const env = {
    ...process.env,
    PATH: [dirname(node), process.env.PATH].join(delimiter),
    npm_config_nodedir: join(folder, 'node_modules', nodePackage),
    JOBS: 'max',
  };
  const options = { env, signal };
  await npm(vscode, options, ['install', '--omit=dev']);
  await npm(join(vscode, 'extensions'), options, ['install', '--omit=dev']);
  await symlink('node_modules', join(vscode, 'node_modules.asar'));
}

/** Runs npm; shows its output only when it fails. */
async function npm(
  cwd: string,
  options: Pick<RunOptions, 'env' | 'signal'>,
  args: readonly string[],
): Promise<void> {
  const started = Date.now();
  const all = [...args, '--no-audit', '--no-fund'];
  say(`  npm ${all.join(' ')}`);
  const { status, output } = await runProgram('npm', all, { cwd, ...options });
  if (status !== 0) throw new Error(`npm failed with ${status}:\n${lastLines(output, 40)}`);
  say(`  done in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
