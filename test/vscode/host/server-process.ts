import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerInstall } from './install-server';

/** A running VS Code server. */
export interface RunningServer {
  port: number;
  /** Everything it printed so far. */
  output: () => string;
  stop: () => Promise<void>;
}

export interface ServerOptions {
  /** Folder for everything the server keeps. */
  scratch: string;
  /** Environment variables of its extensions and tasks. */
  environment?: Record<string, string>;
  /** The user's settings, beside those that keep the workbench quiet. */
  settings?: Record<string, unknown>;
  /** Whether VS Code asks for trust before it runs a folder's programs. */
  asksForTrust?: boolean;
}

/** Starts the server on a free port of this machine, which other machines cannot reach. */
export async function startServer(
  install: ServerInstall,
  options: ServerOptions,
): Promise<RunningServer> {
  await writeSettings(options);
  const server = spawnServer(install, options);
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const running = { output: () => output, stop: () => stop(server) };
  try {
    return { ...running, port: await listeningPort(server, running.output) };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** Settings that reduce the workbench to the subject of the suite. */
async function writeSettings({ scratch, settings }: ServerOptions): Promise<void> {
  const folder = join(dataFolder(scratch), 'data', 'User');
  await mkdir(folder, { recursive: true });
  const all = {
    'chat.disableAIFeatures': true,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    ...settings,
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(all));
}

function dataFolder(scratch: string): string {
  return join(scratch, 'data');
}

/** The server leads a process group, so that everything it starts can end. */
function spawnServer(
  { node, vscode }: ServerInstall,
  { scratch, environment, asksForTrust }: ServerOptions,
): ChildProcess {
  return spawn(
    node,
    [
      join(vscode, 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      ...['--accept-server-license-terms', '--enable-smoke-test-driver'],
      ...['--telemetry-level', 'off'],
      ...(asksForTrust ? [] : ['--disable-workspace-trust']),
      ...['--server-data-dir', dataFolder(scratch)],
      ...['--extensions-dir', join(scratch, 'extensions')],
    ],
    {
      detached: true,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

/** The port that the server chose and prints. */
function listeningPort(server: ChildProcess, output: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.stdout?.on('data', () => {
      const port = /listening on (\d+)/.exec(output())?.[1];
      if (port) resolve(Number(port));
    });
    server.on('error', reject);
    server.on('exit', (status) => {
      reject(new Error(`The VS Code server ended with ${status}:\n${output()}`));
    });
  });
}

/** Ends the server, gently at first, and then the rest of its process group. */
async function stop(server: ChildProcess): Promise<void> {
  const { pid } = server;
  if (pid === undefined) return;
  if (server.exitCode === null && server.signalCode === null) {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    killGroup(pid, 'SIGTERM');
    await Promise.race([gone, sleep(5_000, undefined, { ref: false })]);
  }
  killGroup(pid, 'SIGKILL');
}

function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // ESRCH: no process is left, which is the goal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
