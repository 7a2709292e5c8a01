import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ModelFile } from '../../src/core/model/defaults';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { StarmindError } from '../../src/node/starmind-error';
import { dress, photograph, themes, violations } from './looks';
import { Workbench } from './workbench';

const minutes = (count: number) => count * 60_000;

/** Minutes of training, for pictures with a model that makes sense; tests need none. */
const pictureMinutes = Number(process.env.STARMIND_PICTURE_MINUTES ?? 0);

const missing = await ensureToolchain().then(
  () => undefined,
  (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
);
if (missing) console.log(`Skipped the journey to the board: ${missing}`);

let workbench: Workbench;
let monitor: FrameLocator;
let bench: FrameLocator;

beforeAll(async () => {
  workbench = await Workbench.open({
    files: { 'notes.txt': 'Nothing here yet.\n' },
    settings: { 'workbench.editor.enablePreview': false },
    recording: 'boards',
  });
  // Its commands are there with its icon.
  await workbench.page.locator('.activitybar [aria-label^="Starmind"]').first().waitFor();
}, minutes(2));

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await photograph(workbench, 'boards-failed');
});

afterAll(() => workbench?.close());

/**
 * Folder of the project. On a busy computer the dialog of VS Code's server may return to the open
 * folder just before the click.
 */
const project = () => {
  const story = join(workbench.folder, 'story');
  return existsSync(join(workbench.folder, 'model.json')) ? workbench.folder : story;
};
const modelFile = () => join(project(), 'model.json');
const pick = (label: string) =>
  workbench.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first();

describe.skipIf(missing)('from an empty folder to a model that generates', () => {
  it(
    'the user makes and trains a new project',
    async () => {
      const { page } = workbench;
      await mkdir(join(workbench.folder, 'story'));
      await workbench.command('Starmind: New Project...');
      await pick('demo').click();
      await pick('Starter stories').click();
      // The dialog of VS Code's server asks for a path.
      const path = page.locator('.quick-input-widget input').first();
      await expect.poll(() => path.inputValue()).toContain('/');
      const story = join(workbench.folder, 'story');
      const create = page.locator('.quick-input-action', { hasText: 'Create Here' });
      // The dialog may put another path in its place while it opens, and the first click may only go
      // into the folder.
      await expect
        .poll(async () => {
          const isOpen = await path.isVisible();
          if (isOpen && !(await path.inputValue()).startsWith(story)) await path.fill(story);
          else if (await create.isVisible())
            await create.click({ timeout: 1000 }).catch(() => undefined);
          return existsSync(modelFile());
        })
        .toBe(true);
      // Enough steps for a model that answers.
      const { training: _, ...model } = JSON.parse(
        await readFile(modelFile(), 'utf8'),
      ) as ModelFile;
      const budget = pictureMinutes ? `"minutes": ${pictureMinutes}` : '"steps": 20';
      const training = JSON.parse(`{ ${budget} }`) as ModelFile['training'];
      await writeFile(modelFile(), JSON.stringify({ ...model, training }, null, 2));
      await expect.poll(() => workbench.text()).toContain(budget);
      await workbench.command('Starmind: Train Model');
      const summary = join(project(), 'runs', 'demo', 'summary.json');
      await expect
        .poll(() => existsSync(summary), { timeout: minutes(2 + pictureMinutes) })
        .toBe(true);
    },
    minutes(4 + pictureMinutes),
  );

  it(
    'Build & Flash starts it on the virtual Pico, and the monitor opens',
    async () => {
      await workbench.command('Starmind: Build & Flash');
      monitor = await workbench.webview('Token Monitor');
      await monitor.locator('[data-testid="facts"]').waitFor({ timeout: minutes(2) });
      expect(await monitor.locator('.status').textContent()).toBe('Connected');
    },
    minutes(5),
  );

  it(
    'the board generates the same tokens as this computer',
    async () => {
      await monitor.locator('textarea').fill('Once upon a time');
      await monitor.locator('textarea').press('Enter');
      await monitor.locator('[data-testid="done"]').waitFor({ state: 'attached', timeout: 60_000 });
      expect(await monitor.locator('[data-testid="said"] .token').count()).toBeGreaterThan(5);
      expect(await monitor.locator('[data-testid="said"] .prompt').textContent()).toBe(
        'Once upon a time',
      );
      await expect
        .poll(() => monitor.locator('[data-testid="comparison"]').textContent())
        .toMatch(/says the same: \d+ tokens identical/);
      await monitor.locator('[data-testid="said"] .token').nth(3).hover();
      await expect
        .poll(() => monitor.locator('[data-testid="figures"]').textContent())
        .toMatch(/Token 3: .* id \d+ · [\d,]+ µs · rank \d+/);
    },
    minutes(2),
  );

  it(
    'the user can watch the virtual Pico, switch it off and on again',
    async () => {
      await workbench.command('Starmind: Open Virtual Pico');
      bench = await workbench.webview('Virtual Pico');
      await bench.locator('.power.running').waitFor();
      await bench.locator('[aria-label="SRAM"]').waitFor();
      await bench.locator('vscode-button', { hasText: 'Switch Off' }).click();
      await bench.locator('.power.off').waitFor();
      await expect.poll(() => monitor.locator('.status').textContent()).not.toBe('Connected');
      await bench.locator('vscode-button', { hasText: 'Switch On' }).click();
      await bench.locator('.power.running').waitFor();
      await expect.poll(() => monitor.locator('.status').textContent()).toBe('Connected');
      await bench.locator('vscode-button', { hasText: 'BOOTSEL' }).click();
      await bench.locator('.power.bootloader').waitFor();
      await bench.locator('vscode-button', { hasText: 'Reset' }).click();
      await bench.locator('.power.running').waitFor();
    },
    minutes(2),
  );

  it('the panels have room when the terminal is hidden', async () => {
    await workbench.page.keyboard.press('Control+j');
    await workbench.page.locator('.part.panel').waitFor({ state: 'hidden' });
  });

  it.each(Object.entries(themes))(
    'both panels have no accessibility violations, in %s',
    async (name, theme) => {
      await dress(workbench, monitor, name, theme);
      expect(await violations(monitor)).toEqual([]);
      expect(await violations(bench)).toEqual([]);
      expect(await photograph(workbench, `boards-${name}`)).toBeGreaterThan(20_000);
      await monitor.locator('#tab-serial').click();
      await monitor.locator('.line.record').first().waitFor();
      expect(await violations(monitor)).toEqual([]);
      await monitor.locator('#tab-speech').click();
    },
    minutes(1),
  );

  it('no request in them was refused or failed', () => {
    expect(workbench.faults).toEqual([]);
  });
});
