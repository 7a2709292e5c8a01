import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { packageRoot } from '../../src/node/assets';
import { launchBrowser } from '../vscode/host/browser';
import { ensureServer } from '../vscode/host/install-server';
import { startServer, type RunningServer } from '../vscode/host/server-process';
import { workbenchUrl } from '../vscode/host/workbench-url';

export interface WorkbenchOptions {
  /** Files of the folder that is opened: path -> text. */
  files: Record<string, string>;
  settings?: Record<string, unknown>;
  asksForTrust?: boolean;
}

/** A real VS Code to use as people do: with keys and a mouse. */
export class Workbench {
  /** What the workbench told its console that looks like a fault. */
  readonly errors: string[] = [];

  private constructor(
    readonly page: Page,
    /** The folder on the disk. */
    readonly folder: string,
    private readonly scratch: string,
    private readonly browser: Browser,
    private readonly server: RunningServer,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  static async open({ files, ...options }: WorkbenchOptions): Promise<Workbench> {
    const scratch = await mkdtemp(join(tmpdir(), 'starmind-ui-'));
    const folder = join(scratch, 'workspace');
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const install = await ensureServer(AbortSignal.timeout(600_000));
    const server = await startServer(install, { scratch, ...options });
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const workbench = new Workbench(page, folder, scratch, browser, server);
    await page.goto(workbenchUrl(server.port, { folder, extension: packageRoot() }));
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('.explorer-viewlet .monaco-list-row').first().waitFor();
    return workbench;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await rm(this.scratch, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Runs a command by its title, from the command palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input');
    await input.fill(`>${title}`);
    await this.page
      .locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`)
      .first()
      .click();
  }

  /** Opens a file of the folder, as Go to File does. */
  async openFile(path: string): Promise<void> {
    await this.page.keyboard.press('Control+p');
    await this.page.locator('.quick-input-widget input').fill(path);
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** The page within the webview that is open. */
  get form(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** Waits until the form shows a model. */
  async formIsShown(): Promise<void> {
    await this.form.locator('.figures').waitFor();
  }
}
