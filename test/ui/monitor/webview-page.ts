import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { packageRoot } from '../../../src/node/assets';
import { launchBrowser } from '../../vscode/host/browser';

export const themeNames = ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const;
export type Theme = (typeof themeNames)[number];

/**
 * As VS Code 1.139 sets them: classes of the body, and the variables of the root that matter here.
 */
const themes = JSON.parse(
  readFileSync(join(packageRoot(), 'test/ui/monitor/theme-variables.json'), 'utf8'),
) as Record<Theme, { class: string; variables: Record<string, string> }>;

/** The test itself serves the page; no other server answers. */
const origin = 'https://monitor.test';

/** VS Code's default style of every webview, as far as it matters here. */
const defaultStyle = `@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { background-color: transparent; color: var(--vscode-editor-foreground); margin: 0;
    padding: 0 20px; font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
}`;

/** The extension's page, with the same content security policy. */
const markupOf = (bundle: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; script-src 'nonce-n'; style-src 'self' 'nonce-n'; img-src 'self'" />
    <meta property="csp-nonce" content="n" />
    <title>${bundle}</title>
    <style nonce="n">${defaultStyle}</style>
    <link rel="stylesheet" href="${bundle}.css" />
  </head>
  <body>
    <main id="root"></main>
    <script nonce="n" src="${bundle}.js"></script>
  </body>
</html>`;

/** A fake of VS Code's interface; runs in the page before its script. */
const fakeVsCode = `
  globalThis.posted = [];
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => posted.push(structuredClone(message)),
    getState: () => JSON.parse(sessionStorage.getItem('kept') ?? 'null'),
    setState: (state) => sessionStorage.setItem('kept', JSON.stringify(state)),
  });`;

/** The window of the page, as far as the test touches it. */
export interface PageWindow<FromPage> {
  posted: FromPage[];
  postMessage(message: unknown, target: string): void;
}

/** A webview in a browser of its own, with a test in place of the extension. */
export class WebviewPage<ToPage, FromPage extends { kind: string }> {
  /** Requests that the browser refused, and exceptions of the page. */
  readonly faults: string[] = [];
  private browser: Browser | undefined;
  private opened: Page | undefined;

  /**
   * @param bundle name of the webview's bundle
   * @param whole what is there when the page is
   */
  constructor(
    private readonly bundle: string,
    private readonly whole: string,
  ) {}

  get page(): Page {
    if (!this.opened) throw new Error('The page is not open.');
    return this.opened;
  }

  async open(): Promise<void> {
    this.browser = await launchBrowser();
    const page = await this.browser.newPage({
      viewport: { width: 900, height: 720 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    this.opened = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
    page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message));
    await page.addInitScript({ content: fakeVsCode });
    await page.route(`${origin}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/')
        return route.fulfill({ contentType: 'text/html', body: markupOf(this.bundle) });
      if (pathname === '/empty') return route.fulfill({ contentType: 'text/html', body: '' });
      const path = join(packageRoot(), 'dist', 'webview', pathname);
      return route.fulfill({ path });
    });
    await this.load();
  }

  /** Loads the page as if for the first time. */
  async loadAnew(): Promise<void> {
    // From an empty page: the one before might still keep something afterwards.
    await this.page.goto(`${origin}/empty`);
    await this.page.evaluate('sessionStorage.clear()');
    await this.load();
  }

  /** Loads the page, or loads it again. */
  async load(theme: Theme = 'dark'): Promise<void> {
    await this.page.goto(`${origin}/`);
    await this.page.locator(this.whole).waitFor();
    await this.wear(theme);
  }

  async close(): Promise<void> {
    await this.browser?.close();
  }

  locator(selector: string, options?: { hasText: string | RegExp }): Locator {
    return this.page.locator(selector, options);
  }

  /** Chooses a value of one of the toolkit's dropdowns. */
  async choose(label: string, option: string): Promise<void> {
    const dropdown = this.locator(`vscode-dropdown[aria-label="${label}"]`);
    await dropdown.click();
    await dropdown.locator('vscode-option', { hasText: option }).click();
  }

  async wear(theme: Theme): Promise<void> {
    const { class: classes, variables } = themes[theme];
    const style = Object.entries(variables).map(([name, value]) => `${name}: ${value};`);
    await this.locator('body').evaluate(
      (body, { classes, style, theme }) => {
        body.className = classes;
        body.setAttribute('data-vscode-theme-kind', `vscode-${theme}`);
        body.setAttribute('data-vscode-theme-id', theme);
        body.ownerDocument.documentElement.style.cssText = style;
      },
      { classes, style: style.join(' '), theme },
    );
  }

  /** Sends a message as the extension does. */
  async tell(message: ToPage): Promise<void> {
    await this.page.evaluate(
      (data) => (globalThis as unknown as PageWindow<FromPage>).postMessage(data, '*'),
      message,
    );
  }

  /** Messages of the page to the extension, except those it sends all the time. */
  async posted(): Promise<FromPage[]> {
    const all = await this.page.evaluate(
      () => (globalThis as unknown as PageWindow<FromPage>).posted,
    );
    return all.filter(({ kind }) => kind !== 'drawn' && kind !== 'keep');
  }

  /** Number of elements of the page. */
  elements(): Promise<number> {
    return this.locator('*').count();
  }
}
