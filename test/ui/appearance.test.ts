import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presets } from '../../src/core/model/presets';
import { packageRoot } from '../../src/node/assets';
import { Workbench } from './workbench';

/** VS Code's name for a kind of theme -> a theme of it. */
const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
};

const demo = presets.find(({ name }) => name === 'demo')?.file;
const model = `${JSON.stringify(demo, null, 2)}\n`;
const over = model.replace('"dim": 48', '"dim": 96');
const broken = model.replace('"dim": 48,', '"dim": 48,,');

let workbench: Workbench;
let axeSource: string;

async function dress(name: string, theme: string): Promise<void> {
  await mkdir(join(workbench.folder, '.vscode'), { recursive: true });
  await writeFile(
    join(workbench.folder, '.vscode', 'settings.json'),
    JSON.stringify({ 'workbench.colorTheme': theme }),
  );
  await workbench.form.locator(`body[data-vscode-theme-kind="vscode-${name}"]`).waitFor();
}

async function show(text: string, verdict: string): Promise<void> {
  await writeFile(join(workbench.folder, 'model.json'), text);
  await workbench.form.locator(`.verdict.${verdict}`).waitFor();
}

/** What axe-core holds against the form as it is, in words. */
async function violations(): Promise<string[]> {
  const html = workbench.form.locator('html');
  await html.evaluate((_, source) => {
    // Given to the page by the debugger, which its content security policy does not bind.
    const script = new Function(source);
    script();
  }, axeSource);
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

beforeAll(async () => {
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  workbench = await Workbench.open({ files: { 'model.json': model } });
  await workbench.openFile('model.json');
  await workbench.form.locator('.figures').waitFor();
  // Wide enough for the form to show the network beside its sliders.
  await workbench.page.setViewportSize({ width: 1920, height: 1080 });
  await workbench.command('View: Toggle Primary Side Bar Visibility');
});

afterAll(() => workbench?.close());

describe.each(Object.entries(themes))('the model editor in %s', (name, theme) => {
  it('has no violations that axe-core knows of', async () => {
    await dress(name, theme);
    await show(model, 'fits');
    await workbench.form.locator('h1').hover();
    expect(await violations()).toEqual([]);
    await workbench.form.locator('.presets summary').click();
    expect(await violations()).toEqual([]);
    await workbench.form.locator('.presets summary').click();
  });

  it('has none over budget, and none while the text is broken', async () => {
    await show(over, 'over');
    expect(await violations()).toEqual([]);
    await show(broken, 'unknown');
    expect(await violations()).toEqual([]);
  });

  it('can be looked at', async () => {
    await show(model, 'fits');
    const folder = join(packageRoot(), 'out', 'ui');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `model-editor-${name}.png`);
    await workbench.form.locator('.part', { hasText: 'KV cache' }).hover();
    await workbench.page.locator('.codelens-decoration', { hasText: '221,900' }).first().waitFor();
    const { length } = await workbench.page.screenshot({ path });
    expect(length).toBeGreaterThan(20_000);
    console.log(`Screenshot: ${path}`);
  });
});
