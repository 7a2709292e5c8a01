import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  emptyFlash,
  type FromVirtualPico,
  type ToVirtualPico,
  type VirtualPicoReading,
} from '../../../src/core/wire/virtual-pico';
import { violations } from '../looks';
import { themeNames, WebviewPage } from './webview-page';

const bench = new WebviewPage<ToVirtualPico, FromVirtualPico>('virtual-pico', '.drop-zone');
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.loadAnew());
afterEach(() => {
  expect(bench.faults).toEqual([]);
});

const running: VirtualPicoReading = {
  power: 'running',
  cycles: 1_234_567_890,
  emulated_seconds: 12.3,
  awake_cycles: 180_000_000,
  busy_ms: 1000,
  recent_mhz: 180,
  clock_mhz: 125,
  cores: [
    { load: 0.9, stack_pointer: 0x20040f00, lowest_stack_pointer: 0x20040a54 },
    { load: 0, stack_pointer: 0x20041f00, lowest_stack_pointer: 0x20041ee0 },
  ],
  led: 0.5,
  flash_waits: 1_234_567,
  sram_written: 100_000,
  paced: true,
};
const empty: VirtualPicoReading = { ...running, power: 'bootloader', led: 0 };

const buttons = () => bench.locator('.buttons vscode-button').allTextContents();
const read = async (reading: VirtualPicoReading) => {
  await bench.tell({ kind: 'reading', reading });
  await bench.locator(`.power.${reading.power}`).waitFor();
};

describe('the panel of the virtual Pico', () => {
  it('shows nothing before the first reading', async () => {
    expect(await bench.locator('.power').textContent()).toBe('Starting');
    expect(await bench.locator('.program').textContent()).toBe('');
    expect((await buttons())[0]).toBe('Switch Off');
    expect(await bench.locator('vscode-button[appearance="primary"]').count()).toBe(0);
    await read(running);
    await read({ ...running, power: 'off' });
    expect((await buttons())[0]).toBe('Switch On');
    await bench.locator('vscode-button[appearance="primary"]').click();
    expect(await bench.posted()).toEqual([{ kind: 'ready' }, { kind: 'power', on: true }]);
  });

  it('shows once that the flash is empty, and what to do', async () => {
    await read(empty);
    expect(await bench.locator('.program').textContent()).toBe(emptyFlash);
    await bench.tell({ kind: 'notice', text: emptyFlash });
    await bench.locator('.notice', { hasText: emptyFlash }).waitFor();
    expect(await bench.locator('.program').textContent()).toBe('');
  });

  it('has stacks where a program runs', async () => {
    const stacks = bench.locator('[role="meter"][aria-label^="Stack"]');
    await read(empty);
    expect(await stacks.count()).toBe(0);
    await read(running);
    expect(await stacks.count()).toBe(2);
  });
});

describe.each(themeNames)('in %s', (theme) => {
  it('has no accessibility violations', async () => {
    await bench.wear(theme);
    expect(await violations(bench.page)).toEqual([]);
    await read(running);
    const text = `It has crashed in ${'a_function_with_a_long_name_'.repeat(4)}.`;
    await bench.tell({ kind: 'notice', text });
    await bench.tell({ kind: 'program', name: 'a-name-that-somebody-has-chosen'.repeat(3) });
    for (const width of [900, 300]) {
      await bench.page.setViewportSize({ width, height: 720 });
      expect(await violations(bench.page)).toEqual([]);
      const page = await bench.page.evaluate('document.documentElement.scrollWidth');
      expect(page).toBeLessThanOrEqual(width);
    }
  });
});
