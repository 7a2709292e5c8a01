import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  FromSpeedPage,
  Measurement,
  ToSpeedPage,
} from '../../../src/core/bench/speed-messages';
import { packageRoot } from '../../../src/node/assets';
import { violations } from '../looks';
import { themeNames, WebviewPage } from './webview-page';

const speed = new WebviewPage<ToSpeedPage, FromSpeedPage>('speed', '.speed');
beforeAll(() => speed.open());
afterAll(() => speed.close());
beforeEach(() => speed.loadAnew());
afterEach(() => {
  expect(speed.faults).toEqual([]);
});

const parts = { matrices: 500, attention: 200, activations: 100, norms: 50 };

const measurement: Measurement = {
  model: { title: 'run demo', clock_mhz: 200, cores: 2, weights: 'int4 in SRAM' },
  report: {
    ...{ cycles_per_token: 1000, context: 32, tokens_per_second: 200_000 },
    by_part: [
      { context: 32, ...parts, sampling: 100, rest: 50 },
      { context: 64, ...parts, attention: 450, sampling: 100, rest: 50 },
    ],
    by_context: [
      { context: 1, cycles: 700 },
      { context: 32, cycles: 900 },
      { context: 64, cycles: 1150 },
    ],
    sampling: 100,
    kernels: [
      { name: 'query', rows: 64, cols: 48, cycles_per_mac: 1.304 },
      { name: 'classifier', rows: 512, cols: 48, cycles_per_mac: 1.25 },
    ],
    ...{ barrier: 45, peak_stack: 1024, peak_second_stack: 400 },
  },
};

const meters = (name: string) =>
  speed.locator(`section[aria-label="${name}"] [role="meter"]`).evaluateAll((all) =>
    all.map((meter) => {
      const [label, value] = ['aria-label', 'aria-valuenow'].map((key) => meter.getAttribute(key));
      return `${label} ${value}`;
    }),
  );

describe('the page with the speed of a model', () => {
  it('shows the parts of a token, cycles by context, matrices and stacks', async () => {
    await speed.tell({ kind: 'measured', measurement });
    await speed.locator('.summary').waitFor();
    expect(await speed.locator('.summary').textContent()).toBe(
      '200000 tok/s at context 32: 1,000 cycles a token. run demo, int4 in SRAM, 2 cores at 200 MHz. Emulated by the virtual Pico.',
    );
    const first = ['matrices 50', 'attention 20', 'activations 10', 'norms 5'];
    expect(await meters('A token at context 32')).toEqual([...first, 'sampling 10', 'rest 5']);
    expect((await meters('A token at context 64'))[1]).toBe('attention 36');
    expect(await meters('Stacks and cores')).toEqual(['Stack of core 0 25', 'Stack of core 1 10']);
    expect(await speed.locator('tbody tr').allTextContents()).toEqual([
      'query64481.30',
      'classifier512481.25',
    ]);
    expect(await speed.locator('.plot').getAttribute('aria-label')).toBe(
      'Cycles of a token: 700 at context 1, 1,150 at context 64',
    );
    // The table is reached with the keyboard, since a narrow page scrolls it.
    await speed.locator('[aria-label="Matrices"]').focus();
  });

  it('shows the step of a measurement, which can be cancelled', async () => {
    await speed.tell({ kind: 'measured', measurement });
    await speed.tell({ kind: 'measuring', title: 'run demo', step: 'Compiling' });
    await speed.locator('.running', { hasText: 'Measuring run demo: Compiling' }).waitFor();
    // What was measured before stays in sight.
    expect(await speed.locator('.summary').count()).toBe(1);
    await speed.locator('vscode-button', { hasText: 'Cancel' }).focus();
    await speed.page.keyboard.press('Enter');
    await speed.tell({ kind: 'ended' });
    await speed.locator('vscode-button', { hasText: 'Measure Again' }).click();
    expect(await speed.posted()).toEqual([
      { kind: 'ready' },
      { kind: 'cancel' },
      { kind: 'measure' },
    ]);
  });

  it('keeps the measurement over a reload of the window', async () => {
    await speed.tell({ kind: 'measured', measurement });
    await speed.locator('.summary').waitFor();
    await speed.load();
    await speed.locator('.summary').waitFor();
  });
});

describe.each(themeNames)('in %s', (theme) => {
  it('has no accessibility violations', async () => {
    const folder = join(packageRoot(), 'out', 'ui');
    await mkdir(folder, { recursive: true });
    expect(await violations(speed.page)).toEqual([]);
    await speed.wear(theme);
    await speed.tell({ kind: 'measured', measurement });
    const failure = `The run ${'a_folder_with_a_long_name/'.repeat(4)} is too large.`;
    await speed.tell({ kind: 'ended', failure });
    await speed.locator('.failure').waitFor();
    for (const width of [900, 300]) {
      await speed.page.setViewportSize({ width, height: 900 });
      await speed.page.waitForTimeout(200);
      expect(await violations(speed.page)).toEqual([]);
      const overflow = await speed.locator('html').evaluate((html) => html.scrollWidth);
      expect(overflow).toBeLessThanOrEqual(width);
      await speed.page.screenshot({ path: join(folder, `speed-${theme}-${width}.png`) });
    }
    await speed.page.setViewportSize({ width: 900, height: 720 });
  });
});
