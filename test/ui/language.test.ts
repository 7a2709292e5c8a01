import { afterAll, beforeAll, expect, it } from 'vitest';
import { assessModel } from '../../src/core/estimate/assess';
import { bytesGrowingWith, memoryMap } from '../../src/core/estimate/memory-map';
import { presets } from '../../src/core/model/presets';
import { grouped } from '../../src/core/text';
import { Workbench } from './workbench';

const demo = presets.find(({ name }) => name === 'demo')?.file;

let workbench: Workbench;

beforeAll(async () => {
  workbench = await Workbench.open({
    files: {
      'model.json': `${JSON.stringify(demo, null, 2)}\n`,
      // Another program's file of the same name.
      'web/model.json': '{ "modelTopology": {}, "weightsManifest": [] }\n',
    },
    settings: { 'starmind.openFormBeside': false },
  });
  await workbench.openFile('model.json');
  await workbench.page.locator('.codelens-decoration').first().waitFor();
});

afterAll(() => workbench?.close());

it('shows the cost of each value, beside it and above the model', async () => {
  const { value } = assessModel(JSON.stringify(demo));
  const bytes = grouped(bytesGrowingWith(memoryMap(value!).sram, 'dim'));
  await expect.poll(() => workbench.text()).toContain(`"dim": 48${bytes} B,`);
  const lens = await workbench.page.locator('.codelens-decoration').first().innerText();
  const { estimate } = assessModel(JSON.stringify(demo));
  const sram = grouped(estimate?.sram.total ?? NaN);
  const speed = estimate?.speed.tokens_per_second.toFixed(1);
  expect(lens.replaceAll('\u00a0', ' ')).toContain(
    `Estimate: ${sram} of 270,336 B SRAM, ${speed} tok/s`,
  );
});

it('explains a field under the mouse', async () => {
  await workbench.page.getByText('"hidden_dim"').hover();
  const hover = workbench.page.locator('.monaco-hover-content:visible').last();
  await hover.waitFor();
  expect(await hover.innerText()).toContain('Width of the feed-forward layer');
});

it('offers fields, and values with their cost', async () => {
  const { page } = workbench;
  await page.getByText('"max_seq_len"').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  await page.keyboard.type('"tie');
  const suggestions = page.locator('.suggest-widget .monaco-list-row');
  await expect
    .poll(() => suggestions.allInnerTexts().then((rows) => rows.join()))
    .toContain('tie_embeddings');
  await page.keyboard.press('Escape');
  for (let i = 0; i < 8; i++) await page.keyboard.press('Control+z');
});

it('fixes a problem with the light bulb', async () => {
  const { page } = workbench;
  await page.getByText('"n_kv_heads"').click();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('3');
  await page.locator('.squiggly-error').first().waitFor();
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row', { hasText: 'Set n_kv_heads to 2' }).click();
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  expect(await workbench.text()).toContain('"n_kv_heads": 2');
});

it('leaves the model.json of another program alone', async () => {
  await workbench.openFile('web/model.json');
  await expect.poll(() => workbench.text()).toContain('modelTopology');
  // Long enough for problems to come.
  await workbench.page.waitForTimeout(1_500);
  expect(await workbench.page.locator('.squiggly-error, .squiggly-warning').count()).toBe(0);
  expect(await workbench.page.locator('.codelens-decoration').count()).toBe(0);
});
