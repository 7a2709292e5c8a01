import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { FrameLocator } from 'playwright-core';
import { packageRoot } from '../../src/node/assets';
import type { Workbench } from './workbench';

/** VS Code's name for a kind of theme -> a theme of it. */
export const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
} as const;

/** Sets the theme of the window, and waits until a webview has it. */
export async function dress(
  workbench: Workbench,
  webview: FrameLocator,
  name: string,
  theme: string,
): Promise<void> {
  await mkdir(join(workbench.folder, '.vscode'), { recursive: true });
  await writeFile(
    join(workbench.folder, '.vscode', 'settings.json'),
    JSON.stringify({ 'workbench.colorTheme': theme }),
  );
  await webview.locator(`body[data-vscode-theme-kind="vscode-${name}"]`).waitFor();
}

let axeSource: Promise<string> | undefined;

/** The violations that axe-core finds in a webview, in words. */
export async function violations(webview: Pick<FrameLocator, 'locator'>): Promise<string[]> {
  axeSource ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const html = webview.locator('html');
  await html.evaluate(
    (_, source) => {
      // The debugger runs it in the page, where the content security policy does not bind it.
      const script = new Function(source);
      script();
    },
    await axeSource,
  );
  const results = await html.evaluate((element) => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: unknown, options: RunOptions): Promise<AxeResults> };
    };
    return axe.run(element.ownerDocument, { resultTypes: ['violations'] });
  });
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html: markup, any, all }) => {
      const why = [...any, ...all].map(({ message }) => message).join('; ');
      return `${id}: ${help}: ${markup.slice(0, 200)}: ${why}`;
    }),
  );
}

/** Saves a picture of the window in out/ui, to be looked at. Returns its bytes. */
export async function photograph(workbench: Workbench, name: string): Promise<number> {
  const folder = join(packageRoot(), 'out', 'ui');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  const { length } = await workbench.page.screenshot({ path });
  console.log(`Screenshot: ${path}`);
  return length;
}
