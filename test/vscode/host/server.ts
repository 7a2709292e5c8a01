import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { resultsVariable, type SuiteEnd } from '../results';
import { launchBrowser } from './browser';
import { ensureServer } from './install-server';
import { say } from './say';
import { startServer } from './server-process';
import { answerSuite, followSuite, type Session } from './session';
import { workbenchUrl } from './workbench-url';

/** Runs the suite in VS Code's server, with its workbench in Chromium. */
export async function runOnServer(session: Session, signal: AbortSignal): Promise<SuiteEnd> {
  const install = await ensureServer(signal);
  const server = await startServer(install, {
    scratch: session.scratch,
    environment: { [resultsVariable]: session.results },
  });
  try {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const errors = keepErrors(page);
      await page.goto(
        workbenchUrl(server.port, {
          folder: session.workspace,
          extension: session.root,
          suite: session.suite,
        }),
      );
      try {
        return await followSuite(session, signal, 300_000);
      } catch (error) {
        say(`The server:\n${server.output()}\nThe workbench:\n${errors.join('\n')}`);
        throw error;
      } finally {
        await photograph(page, session.root);
        await answerSuite(session);
      }
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

/** The last errors on the workbench's console, for a run that goes wrong. */
function keepErrors(page: Page): string[] {
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
