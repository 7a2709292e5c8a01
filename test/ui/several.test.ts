import { afterAll, beforeAll, expect, it } from 'vitest';
import { assessModel } from '../../src/core/estimate/assess';
import { findPreset } from '../../src/core/model/presets';
import { Workbench } from './workbench';

const textOf = (preset: string) => `${JSON.stringify(findPreset(preset)?.file, null, 2)}\n`;
const sramOf = (text: string) => String(assessModel(text).estimate?.sram.total);

let workbench: Workbench;

beforeAll(async () => {
  workbench = await Workbench.open({
    files: { 'story/model.json': textOf('demo'), 'study/model.json': textOf('balanced') },
    folders: ['story', 'study'],
    settings: { 'editor.inlayHints.enabled': 'off', 'workbench.editor.enablePreview': false },
  });
});

afterAll(() => workbench?.close());

const bar = () => workbench.form.locator('.header .memory-bar');
const barShows = (text: string) =>
  expect.poll(() => bar().getAttribute('data-total'), { timeout: 20_000 }).toBe(sramOf(text));

it('models in several folders have a form each', async () => {
  await workbench.openFile('story/model.json');
  await barShows(textOf('demo'));
  await workbench.openFile('study/model.json');
  await barShows(textOf('balanced'));
  expect(await workbench.page.locator('.tab', { hasText: 'model.json' }).count()).toBe(4);
});

it('a comparison of texts opens no form', async () => {
  const { page } = workbench;
  await workbench.command('View: Close All Editors');
  await workbench.openFile('story/model.json');
  await barShows(textOf('demo'));
  await workbench.cursorBehind('"n_layers": 2');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('3');
  await barShows(textOf('demo').replace('"n_layers": 2', '"n_layers": 3'));
  const tabs = await page.locator('.tab').count();
  await workbench.command('File: Compare Active File with Saved');
  await page.locator('.monaco-diff-editor').waitFor();
  expect(await page.locator('.tab').count()).toBe(tabs + 1);
});
