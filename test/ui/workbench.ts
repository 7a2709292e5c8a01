import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import type { Browser, Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { packageRoot } from '../../src/node/assets';
import { launchBrowser } from '../vscode/host/browser';
import { ensureServer } from '../vscode/host/install-server';
import { startServer, type RunningServer } from '../vscode/host/server-process';
import { workbenchUrl } from '../vscode/host/workbench-url';

export interface WorkbenchOptions {
  /** Files of the folder that is opened: path -> text. */
  files: Record<string, string>;
  /** Folders of a workspace of several; without them the folder of the files is opened. */
  folders?: readonly string[];
  settings?: Record<string, unknown>;
  asksForTrust?: boolean;
  /** Name of a recording of all that happens, out/ui/NAME.zip; `playwright-core show-trace` plays it. */
  recording?: string;
}

/** A real VS Code, used with keys and a mouse. */
export class Workbench {
  /** Console messages of the extension's webviews that look like faults. */
  readonly faults: string[] = [];

  private constructor(
    readonly page: Page,
    /** The folder on the disk. */
    readonly folder: string,
    private readonly scratch: string,
    private readonly browser: Browser,
    private readonly server: RunningServer,
    private readonly recording: string | undefined,
  ) {
    page.on('console', (message) => {
      const isOurs = message.location().url.includes('/dist/webview/');
      if (message.type() === 'error' && isOurs) this.faults.push(message.text());
    });
    page.on('pageerror', (error) => {
      if (error.stack?.includes('/dist/webview/')) this.faults.push(error.stack);
    });
  }

  static async open({
    files,
    folders,
    recording,
    ...options
  }: WorkbenchOptions): Promise<Workbench> {
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
    if (recording !== undefined) await page.context().tracing.start({ screenshots: true });
    const workbench = new Workbench(page, folder, scratch, browser, server, recording);
    const opened = folders ? await writeWorkspace(folder, folders) : folder;
    await page.goto(workbenchUrl(server.port, { folder: opened, extension: packageRoot() }));
    await workbench.isUp();
    return workbench;
  }

  private async isUp(): Promise<void> {
    await this.page.locator('.explorer-viewlet .monaco-list-row').first().waitFor();
  }

  async close(): Promise<void> {
    if (this.recording !== undefined) {
      const path = join(packageRoot(), 'out', 'ui', `${this.recording}.zip`);
      await this.page.context().tracing.stop({ path });
      console.log(`Recording: ${path}`);
    }
    await this.browser.close();
    await this.server.stop();
    await rm(this.scratch, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Closes the window and opens it again. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.isUp();
  }

  /** Runs a command by its title, from the command palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget input').fill(`>${title}`);
    await this.page
      .locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`)
      .first()
      .click();
  }

  /** Opens a file of the folder, as Go to File does. */
  async openFile(path: string): Promise<void> {
    await this.page.keyboard.press('Control+p');
    await this.page.locator('.quick-input-widget input').fill(path);
    const [name, folder] = [posix.basename(path), posix.dirname(path)];
    await this.page
      .locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`)
      .filter(folder === '.' ? {} : { hasText: folder })
      .first()
      .click();
  }

  /** The text editor. */
  get editor(): Locator {
    return this.page.locator('.editor-group-container .monaco-editor').first();
  }

  /** The content of the text editor; short files are shown whole. */
  async text(): Promise<string> {
    const lines = await this.editor.locator('.view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, element }))
        .sort((a, b) => a.top - b.top)
        .map(({ element }) => element.textContent ?? ''),
    );
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Puts the cursor behind the first place of a text, with the editor in focus. */
  async cursorBehind(text: string): Promise<void> {
    await this.editor.locator('.view-line').first().click();
    const before = (await this.text()).split(text)[0] ?? '';
    const lines = before.split('\n');
    const column = (lines.at(-1) ?? '').length + text.length;
    await this.page.keyboard.press('Control+Home');
    for (let i = 1; i < lines.length; i++) await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Home');
    await this.page.keyboard.press('Home');
    for (let i = 0; i < column; i++) await this.page.keyboard.press('ArrowRight');
  }

  /** A file of the folder as it is on the disk. */
  async onDisk(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }

  /** As a Frame, for methods that only a frame has. */
  async formFrame(): Promise<Frame> {
    const element = await this.form.locator('body').elementHandle();
    const frame = await element?.ownerFrame();
    if (!frame) throw new Error('There is no form.');
    return frame;
  }

  /** The page within the webview with a title of its own. */
  async webview(title: string): Promise<FrameLocator> {
    const frames = this.page.locator('iframe.webview.ready');
    let seen: string[] = [];
    for (let attempt = 0; attempt < 200; attempt++) {
      seen = [];
      for (let index = 0; index < (await frames.count()); index++) {
        const inner = this.page
          .frameLocator('iframe.webview.ready')
          .nth(index)
          .frameLocator('iframe#active-frame');
        const found = await inner
          .locator('head title')
          .textContent({ timeout: 3000 })
          .catch((error: unknown) => String(error));
        if (found === title) return inner;
        seen.push(found ?? '');
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`There is no webview called ${title}, only ${seen.join(', ')}.`);
  }

  /** The page within the webview that was opened last. */
  get form(): FrameLocator {
    return this.page
      .frameLocator('iframe.webview.ready')
      .last()
      .frameLocator('iframe#active-frame');
  }
}

async function writeWorkspace(folder: string, folders: readonly string[]): Promise<string> {
  const file = join(folder, 'several.code-workspace');
  await writeFile(file, JSON.stringify({ folders: folders.map((path) => ({ path })) }));
  return file;
}
