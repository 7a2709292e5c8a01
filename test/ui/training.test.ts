import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dress, photograph, themes, violations } from './looks';
import { Workbench } from './workbench';

/** Trains until somebody ends it. */
const model = {
  version: 1,
  name: 'words',
  architecture: {
    ...{ vocab_size: 64, dim: 32, hidden_dim: 64, n_layers: 2, n_heads: 2, max_seq_len: 48 },
  },
  tokenizer: { type: 'char' },
  data: { source: 'text.txt', validation_share: 0.1 },
  training: { minutes: 60, batch: 8, evaluate_every: 200, checkpoint_every: 400 },
};

const words = ['red', 'blue', 'green', 'small', 'big', 'cat', 'dog', 'bird', 'sun'];
const text = Array.from({ length: 300 }, (_, i) =>
  [1, 3, 5, 7, 11, 13].map((step) => words[(i * step) % words.length]).join(' '),
).join('\n<|endoftext|>\n');

let workbench: Workbench;

beforeAll(async () => {
  workbench = await Workbench.open({
    files: { 'model.json': JSON.stringify(model, null, 2), 'text.txt': text },
    recording: 'training',
  });
});

afterAll(() => workbench?.close());

const button = (name: string) => `vscode-button:text-is("${name}")`;

const onDisk = (file: string) => existsSync(join(workbench.folder, 'runs', 'words', file));

/** One story, told in the order of its tests. */
describe('a training in the window', () => {
  it('opens its page by itself, with curves and what the model says', async () => {
    await workbench.openFile('model.json');
    await workbench.form.locator('.figures').waitFor();
    await workbench.command('Starmind: Train Model');
    const page = await workbench.webview('Training');
    await page.locator('[role="status"]', { hasText: 'Training:' }).waitFor({ timeout: 60_000 });
    await page.locator('.samples li').first().waitFor({ timeout: 60_000 });
    expect(await page.locator('.plot canvas').count()).toBe(4);
    const names = await page.locator('.legend li').allTextContents();
    expect(names).toEqual(['training', 'held-out, float', 'held-out, device']);
  }, 180_000);

  it('pauses, and goes on', async () => {
    const page = await workbench.webview('Training');
    await page.locator(button('Pause')).click();
    await page.locator('[role="status"]', { hasText: 'Paused' }).waitFor();
    const step = page.locator('.figures dd').first();
    const before = await step.textContent();
    await workbench.page.waitForTimeout(1500);
    expect(await step.textContent()).toBe(before);
    await page.locator(button('Go On')).click();
    await page.locator('[role="status"]', { hasText: 'Training:' }).waitFor();
    await page.locator(`.figures dd:not(:text-is("${before}"))`).first().waitFor();
  });

  it.each(Object.entries(themes))('is accessible in %s, and photographed', async (name, theme) => {
    const page = await workbench.webview('Training');
    await dress(workbench, page, name, theme);
    expect(await violations(page)).toEqual([]);
    expect(await photograph(workbench, `training-${name}`)).toBeGreaterThan(20_000);
  });

  it('goes on while the window is reloaded, and is found again', async () => {
    await workbench.reload();
    const page = await workbench.webview('Training');
    await page.locator('[role="status"]', { hasText: 'Training:' }).waitFor({ timeout: 60_000 });
    await page.locator('.plot canvas').first().waitFor();
  }, 120_000);

  it('stops and keeps the model, which can be flashed then', async () => {
    const page = await workbench.webview('Training');
    await page.locator(button('Stop and Keep')).click();
    await page
      .locator('[role="status"]', { hasText: 'Over: stopped by the user' })
      .waitFor({ timeout: 60_000 });
    expect(onDisk('summary.json')).toBe(true);
    await page.locator(button('Build & Flash')).waitFor();
    await page
      .locator('tr.shown td', { hasText: /^\d\.\d{4}$/ })
      .first()
      .waitFor();
  }, 120_000);

  it('compares a training with the one before, and discards it', async () => {
    const page = await workbench.webview('Training');
    const step = page.locator('.figures dd').first();
    const before = await step.textContent();
    await page.locator(button('Train Again')).click();
    await page.locator('[role="status"]', { hasText: 'Training:' }).waitFor({ timeout: 60_000 });
    await expect.poll(() => step.textContent(), { timeout: 60_000 }).not.toBe(before);
    const row = page.locator('tr', { hasText: 'words-1' });
    await row.locator('vscode-checkbox').click();
    await page.locator('.legend li', { hasText: 'words-1: training' }).waitFor();
    await page.locator(button('Stop and Discard')).click();
    // The training before is put back in its place.
    await row.waitFor({ state: 'detached', timeout: 20_000 });
    await page.locator('[role="status"]', { hasText: 'Over: stopped by the user' }).waitFor();
    expect(onDisk('checkpoint.safetensors')).toBe(true);
    expect(workbench.faults).toEqual([]);
  }, 120_000);
});
