import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { dress, photograph, themes, violations } from './looks';
import { Workbench } from './workbench';

const missing = await ensureToolchain().then(
  () => undefined,
  (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
);
if (missing) console.log(`Skipped Measure Speed: ${missing}`);

const model = {
  version: 1,
  name: 'small',
  architecture: {
    ...{ vocab_size: 512, dim: 48, hidden_dim: 128, n_layers: 2, n_heads: 4, max_seq_len: 128 },
  },
  quantization: { weights: 'int4' },
};

let workbench: Workbench;

beforeAll(async () => {
  if (missing) return;
  workbench = await Workbench.open({ files: { 'model.json': JSON.stringify(model) } });
});

afterAll(() => workbench?.close());

describe.skipIf(missing)('Measure Speed', () => {
  it('measures the model of a model.json, and shows where the cycles go', async () => {
    await workbench.openFile('model.json');
    await workbench.form.locator('.figures').waitFor();
    await workbench.command('Starmind: Measure Speed');
    const page = await workbench.webview('Speed');
    await page
      .locator('.summary', { hasText: 'tok/s at context 64' })
      .waitFor({ timeout: 400_000 });
    expect(await page.locator('.summary').textContent()).toContain(
      'small, untrained, int4, KV cache int8; in SRAM, 2 cores at 200 MHz',
    );
    expect(await page.locator('tbody tr').count()).toBe(8);
    const shares = await page
      .locator('section[aria-label="A token at context 64"] [role="meter"]')
      .evaluateAll((all) => all.map((meter) => Number(meter.getAttribute('aria-valuenow'))));
    const sum = shares.reduce((total, share) => total + share, 0);
    expect(Math.abs(sum - 100)).toBeLessThan(4);
  }, 500_000);

  it('stops when the user cancels', async () => {
    const page = await workbench.webview('Speed');
    await page.locator('vscode-button', { hasText: 'Measure Again' }).click();
    // The first measurement may be over before this test finds the page.
    await page.locator('.running', { hasText: 'Measuring small, untrained' }).waitFor();
    await page.locator('vscode-button', { hasText: 'Cancel' }).click();
    await page.locator('vscode-button', { hasText: 'Measure Again' }).waitFor();
    // What was measured before stays, and nothing is reported as an error.
    expect(await page.locator('.summary').count()).toBe(1);
    expect(await page.locator('.failure').count()).toBe(0);
  });

  it.each(Object.entries(themes))('is accessible in %s, and photographed', async (name, theme) => {
    const page = await workbench.webview('Speed');
    await dress(workbench, page, name, theme);
    expect(await violations(page)).toEqual([]);
    expect(await photograph(workbench, `speed-${name}`)).toBeGreaterThan(20_000);
    expect(workbench.faults).toEqual([]);
  });
});
