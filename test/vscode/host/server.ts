import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { resultsVariable, type SuiteEnd } from '../results';
import { launchBrowser } from './browser';
import { ensureServer, type ServerInstall } from './install-server';
import { say } from './say';
import { answerSuite, followSuite, type Session } from './session';

/** Runs the suite in VS Code's server, with its workbench in Chromium. */
export async function runOnServer(session: Session, signal: AbortSignal): Promise<SuiteEnd> {
  const install = await ensureServer();
  await writeSettings(session);
  const server = startServer(install, session);
  try {
    const port = await listeningPort(server);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const console = keepConsole(page);
      await page.goto(workbenchUrl(session, port));
      const end = await followSuite(session, signal, 300_000).catch(async (error: unknown) => {
        say(console.join('\n'));
        await photograph(page, session.root);
        throw error;
      });
      await photograph(page, session.root);
      await answerSuite(session);
      return end;
    } finally {
      await browser.close();
    }
  } finally {
    await stop(server);
  }
}

/** Settings that keep the workbench to what the suite is about. */
async function writeSettings(session: Session): Promise<void> {
  const folder = join(dataFolder(session), 'data', 'User');
  await mkdir(folder, { recursive: true });
  const settings = {
    'chat.disableAIFeatures': true,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
}

function dataFolder({ scratch }: Session): string {
  return join(scratch, 'data');
}

/** Starts the server as the leader of a process group, so that everything it starts can end. */
function startServer({ node, vscode }: ServerInstall, session: Session): ChildProcess {
  return spawn(
    node,
    [
      join(vscode, 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      ...['--accept-server-license-terms', '--enable-smoke-test-driver'],
      ...['--disable-workspace-trust', '--telemetry-level', 'off'],
      ...['--server-data-dir', dataFolder(session)],
      ...['--extensions-dir', join(session.scratch, 'extensions')],
    ],
    {
      detached: true,
      env: { ...process.env, [resultsVariable]: session.results },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
}

/** The port that the server chose and prints. */
function listeningPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (port) resolve(Number(port));
    });
    server.on('error', reject);
    server.on('exit', (status) => {
      reject(new Error(`The VS Code server ended with ${status}:\n${output}`));
    });
  });
}

/** The workbench on the session's folder; it runs the suite as soon as it is up. */
function workbenchUrl({ root, workspace, suite }: Session, port: number): string {
  const authority = `127.0.0.1:${port}`;
  const remote = (path: string) => `vscode-remote://${authority}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(suite)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  return `http://${authority}/?${query.toString()}`;
}

/** The last errors on the workbench's console, for a run that goes wrong. */
function keepConsole(page: Page): string[] {
  const lines: string[] = [];
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    lines.push(`  ${message.type()}: ${message.text()}`);
    if (lines.length > 50) lines.shift();
  });
  return lines;
}

async function photograph(page: Page, root: string): Promise<void> {
  const folder = join(root, 'out', 'vscode');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'workbench.png');
  await page.screenshot({ path });
  say(`Screenshot: ${path}`);
}

/** Ends the server's whole process group, and waits for the server itself. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const group = -server.pid;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  process.kill(group, 'SIGTERM');
  const impatience = setTimeout(() => process.kill(group, 'SIGKILL'), 5_000);
  await gone;
  clearTimeout(impatience);
}
