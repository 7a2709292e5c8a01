import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assessModel } from '../../src/core/estimate/assess';
import { grouped } from '../../src/core/text';
import { Workbench } from './workbench';

/** With a comment and odd spacing that no edit may disturb. */
const model = `{
  "version": 1, // format
  "name":   "demo",
  "architecture": {
    "vocab_size": 2048,
    "dim": 48,
    "hidden_dim": 128,
    "n_layers": 2,
    "n_heads": 4,
    "n_kv_heads": 2,
    "head_dim": 16,
    "max_seq_len": 224
  },
  "training": { "minutes": 2, "batch": 6 }
}
`;

let workbench: Workbench;
let bar: Locator;
let slider: (name: string) => Locator;

const sramOf = (text: string) => assessModel(text).estimate?.sram.total;
const withValue = (field: string, value: number) =>
  model.replace(new RegExp(`("${field}": )\\d+`), `$1${value}`);

/** A field of the page, as far as its selection goes. */
interface SelectableField {
  value?: string;
  selectionStart?: number;
  selectionEnd?: number;
}

/** The selected text of the field in focus. */
function selectedText(): Promise<string | undefined> {
  return workbench.form.locator('html').evaluate(({ ownerDocument }) => {
    const control = ownerDocument.activeElement;
    const field = (control?.shadowRoot?.activeElement ?? control) as SelectableField | null;
    return field?.value?.slice(field.selectionStart, field.selectionEnd);
  });
}

/** The bar's total becomes that of a text. */
async function barShows(text: string): Promise<void> {
  await expect
    .poll(() => bar.getAttribute('data-total'), { timeout: 10_000 })
    .toBe(String(sramOf(text)));
}

async function textShows(text: string): Promise<void> {
  await expect.poll(() => workbench.text(), { timeout: 10_000 }).toBe(text);
}

beforeAll(async () => {
  workbench = await Workbench.open({
    files: { 'model.json': model },
    // Hints would stand between the words of the text.
    settings: { 'editor.inlayHints.enabled': 'off', 'files.autoSave': 'off' },
  });
  bar = workbench.form.locator('.header .memory-bar');
  slider = (name) => workbench.form.getByRole('slider', { name: `${name} slider`, exact: true });
  await workbench.openFile('model.json');
});

afterAll(() => workbench?.close());

beforeEach(async () => {
  await barShows(model);
});

/** Back to the text on the disk, whatever a test did to it. */
afterEach(async () => {
  await workbench.editor.locator('.view-line').first().click();
  if ((await workbench.text()) !== model) await workbench.command('File: Revert File');
  await textShows(model);
});

describe('the model editor', () => {
  it('opens the form beside the text and shows the cost of the model', async () => {
    await textShows(model);
    const figures = await workbench.form.locator('.figures').innerText();
    expect(figures).toContain(grouped(sramOf(model) ?? NaN));
    expect(await workbench.form.locator('h1').innerText()).toBe('demo');
  });

  it('previews a slider while the user drags it and writes the value at the end', async () => {
    const handle = await slider('dim').boundingBox();
    if (!handle) throw new Error('The slider is not there.');
    const y = handle.y + handle.height / 2;
    const { mouse } = workbench.page;
    const before = Number(await slider('dim').inputValue());
    await mouse.move(handle.x + handle.width * 0.52, y);
    await mouse.down();
    await mouse.move(handle.x + handle.width * 0.3, y, { steps: 4 });
    await expect.poll(() => bar.getAttribute('data-total')).not.toBe(String(sramOf(model)));
    expect(await workbench.text()).toBe(model);
    const dragged = Number(await slider('dim').getAttribute('aria-valuetext'));
    expect(Number(await slider('dim').inputValue())).toBeLessThan(before);
    await mouse.up();
    await textShows(withValue('dim', dragged));
    await barShows(withValue('dim', dragged));
  });

  it('follows typing in the text', async () => {
    await workbench.cursorBehind('"hidden_dim": 128');
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.type('0');
    await barShows(withValue('hidden_dim', 120));
    expect(await slider('hidden_dim').getAttribute('aria-valuetext')).toBe('120');
  });

  it('undoes and redoes across the text and the form', async () => {
    await workbench.cursorBehind('"n_layers": 2');
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.type('1');
    await barShows(withValue('n_layers', 1));
    await slider('max_seq_len').focus();
    await workbench.page.keyboard.press('ArrowLeft');
    const both = withValue('n_layers', 1).replace('"max_seq_len": 224', '"max_seq_len": 192');
    await textShows(both);
    // Press it within the form, as users do.
    await workbench.page.keyboard.press('Control+z');
    await textShows(withValue('n_layers', 1));
    await workbench.page.keyboard.press('Control+z');
    await workbench.page.keyboard.press('Control+z');
    await textShows(model);
    await barShows(model);
    await workbench.page.keyboard.press('Control+y');
    await workbench.page.keyboard.press('Control+y');
    await workbench.page.keyboard.press('Control+y');
    await textShows(both);
    await barShows(both);
  });

  it('keeps the last good estimate, greyed, while the JSON is broken', async () => {
    await workbench.cursorBehind('"dim": 48');
    await workbench.page.keyboard.type(',,');
    const { form } = workbench;
    await expect.poll(() => slider('dim').isDisabled()).toBe(true);
    expect(await bar.getAttribute('data-total')).toBe(String(sramOf(model)));
    expect(await form.locator('.header .stale').count()).toBe(1);
    expect(await form.locator('.dock').innerText()).toContain('Line 6');
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.press('Backspace');
    await expect.poll(() => slider('dim').isDisabled()).toBe(false);
    expect(await form.locator('.stale').count()).toBe(0);
  });

  it('shows where a model is over budget, and fits it with one click', async () => {
    await workbench.cursorBehind('"dim": 48');
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.type('96');
    const over = withValue('dim', 96);
    await barShows(over);
    const { form } = workbench;
    await form.locator('.verdict.over').waitFor();
    const fixes = assessModel(over).problems.find(({ code }) => code === 'sram.over')?.fixes ?? [];
    const buttons = form.locator('.dock .fixes vscode-button');
    expect(await buttons.allInnerTexts()).toEqual(fixes.map(({ title }) => title));
    await buttons.filter({ hasText: 'vocab_size' }).click();
    await form.locator('.verdict.fits').waitFor();
    await expect.poll(async () => assessModel(await workbench.text()).estimate?.fits).toBe(true);
  });

  it('changes dependent values along with a slider', async () => {
    await slider('n_heads').focus();
    await workbench.page.keyboard.press('ArrowLeft');
    await textShows(withValue('n_heads', 3).replace('"n_kv_heads": 2', '"n_kv_heads": 1'));
  });

  it('writes only the field of a control', async () => {
    const { form } = workbench;
    await form.getByRole('checkbox', { name: 'gated' }).click();
    const ungated = model.replace(
      '"max_seq_len": 224\n',
      '"max_seq_len": 224,\n    "gated": false\n',
    );
    await textShows(ungated);
    await barShows(ungated);
    await form.getByRole('button', { name: 'use default of gated' }).click();
    await textShows(model);
  });

  it('lights up the memory of the part that the user points at', async () => {
    await workbench.form.locator('.part', { hasText: 'KV cache' }).hover();
    await workbench.form.locator('.header .segment.owner-kv_cache.lit').waitFor();
    expect(await workbench.form.locator('.header .segment.unlit').count()).toBeGreaterThan(3);
    await workbench.form.locator('h1').hover();
    await expect.poll(() => workbench.form.locator('.segment.lit').count()).toBe(0);
  });

  it('applies a preset, which one undo reverts', async () => {
    const { form } = workbench;
    await form.locator('.presets summary').click();
    await form.getByRole('button', { name: 'Use preset balanced' }).click();
    await expect
      .poll(async () => assessModel(await workbench.text()).value?.architecture.dim)
      .toBe(8);
    expect(await workbench.text()).toContain('// format');
    await workbench.editor.locator('.view-line').first().click();
    await workbench.page.keyboard.press('Control+z');
    await textShows(model);
    await form.locator('.presets summary').click();
  });

  it('can be used by keyboard alone', async () => {
    const { page, form } = workbench;
    // Tab continues from the last click.
    await form.locator('h1').click();
    await workbench.editor.locator('.view-line').first().click();
    await page.keyboard.press('Control+2');
    const names: string[] = [];
    for (let i = 0; i < 40 && !names.at(-1)?.includes('vocab_size slider'); i++) {
      await page.keyboard.press('Tab');
      names.push(
        await form.locator('html').evaluate(({ ownerDocument }) => {
          const { activeElement } = ownerDocument;
          return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
        }),
      );
    }
    expect(names.map((name) => name.trim())).toContain('Train');
    expect(names.at(-1)).toBe('vocab_size slider');
    await page.keyboard.press('ArrowLeft');
    await textShows(withValue('vocab_size', 1536));
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowUp');
    await textShows(withValue('vocab_size', 1537));
    // Not Ctrl+A: VS Code selects all a moment later, and would select text typed by then. The
    // field shows its new value a moment after the bar, and loses its old selection.
    await expect
      .poll(async () => {
        await page.keyboard.press('Home');
        await page.keyboard.press('Shift+End');
        return selectedText();
      })
      .toBe('1537');
    await page.keyboard.type('1024');
    await barShows(withValue('vocab_size', 1024));
    await page.keyboard.press('Enter');
    await textShows(withValue('vocab_size', 1024));
  });

  it('saves, and follows a change of the file on the disk', async () => {
    await slider('n_layers').focus();
    await workbench.page.keyboard.press('ArrowRight');
    await textShows(withValue('n_layers', 3));
    await workbench.page.keyboard.press('Control+s');
    await expect.poll(() => workbench.onDisk('model.json')).toBe(withValue('n_layers', 3));
    // VS Code mistakes a change for its own until it has read the file that it saved.
    await expect.poll(() => workbench.page.locator('.tab.dirty').count()).toBe(0);
    await writeFile(join(workbench.folder, 'model.json'), model);
    await barShows(model);
  });

  it('restores unsaved changes after the window was closed', async () => {
    await slider('n_layers').focus();
    await workbench.page.keyboard.press('ArrowRight');
    await textShows(withValue('n_layers', 3));
    // VS Code backs unsaved changes up a second after the last one.
    await workbench.page.waitForTimeout(2_500);
    await workbench.reload();
    await barShows(withValue('n_layers', 3));
    await textShows(withValue('n_layers', 3));
    expect(await workbench.onDisk('model.json')).toBe(model);
  });

  it('logs no fault to the console', () => {
    expect(workbench.faults).toEqual([]);
  });
});
