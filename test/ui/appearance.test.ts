import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessModel } from '../../src/core/estimate/assess';
import { presets } from '../../src/core/model/presets';
import { grouped } from '../../src/core/text';
import { dress, photograph, themes, violations } from './looks';
import { Workbench } from './workbench';

const demo = presets.find(({ name }) => name === 'demo')?.file;
const model = `${JSON.stringify(demo, null, 2)}\n`;
const sram = grouped(assessModel(model).estimate?.sram.total ?? NaN);
const over = model.replace('"dim": 48', '"dim": 96');
const broken = model.replace('"dim": 48,', '"dim": 48,,');

let workbench: Workbench;

async function show(text: string, verdict: string): Promise<void> {
  await writeFile(join(workbench.folder, 'model.json'), text);
  await workbench.form.locator(`.verdict.${verdict}`).waitFor();
}

beforeAll(async () => {
  workbench = await Workbench.open({ files: { 'model.json': model } });
  await workbench.openFile('model.json');
  await workbench.form.locator('.figures').waitFor();
  // Wide enough for the form to show the network beside its sliders.
  await workbench.page.setViewportSize({ width: 1920, height: 1080 });
  await workbench.command('View: Toggle Primary Side Bar Visibility');
});

afterAll(() => workbench?.close());

describe.each(Object.entries(themes))('the model editor in %s', (name, theme) => {
  it('has no violations that axe-core finds', async () => {
    await dress(workbench, workbench.form, name, theme);
    await show(model, 'fits');
    await workbench.form.locator('h1').hover();
    expect(await violations(workbench.form)).toEqual([]);
    await workbench.form.locator('.presets summary').click();
    expect(await violations(workbench.form)).toEqual([]);
    await workbench.form.locator('.presets summary').click();
  });

  it('has none over budget, and none while the text is broken', async () => {
    await show(over, 'over');
    expect(await violations(workbench.form)).toEqual([]);
    await show(broken, 'unknown');
    expect(await violations(workbench.form)).toEqual([]);
  });

  it('takes a picture for the reviewer', async () => {
    await show(model, 'fits');
    await workbench.form.locator('.part', { hasText: 'KV cache' }).hover();
    await workbench.page.locator('.codelens-decoration', { hasText: sram }).first().waitFor();
    expect(await photograph(workbench, `model-editor-${name}`)).toBeGreaterThan(20_000);
  });
});
