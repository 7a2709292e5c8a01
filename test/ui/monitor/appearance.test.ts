import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/node/assets';
import { violations } from '../looks';
import { monitorPage, themeNames } from './page';
import { hello, hostTokens, pico, serialItems, speechItems } from './samples';

const monitor = monitorPage();

describe('tabs', () => {
  it('are reached with the keyboard, and remembered', async () => {
    await monitor.locator('#tab-speech').focus();
    await monitor.page.keyboard.press('ArrowRight');
    await monitor.locator('.lines').waitFor();
    expect(await monitor.locator('#tab-serial').getAttribute('aria-selected')).toBe('true');
    await monitor.load();
    await monitor.locator('.lines').waitFor();
  });
});

describe.each(themeNames)('in %s', (theme) => {
  const sizes = { wide: { width: 900, height: 720 }, narrow: { width: 300, height: 760 } };

  it('has no accessibility violations', async () => {
    const folder = join(packageRoot(), 'out', 'ui');
    await mkdir(folder, { recursive: true });
    await monitor.items(speechItems('Once upon a time', { seed: 1 }));
    await monitor.tell({ kind: 'host', prompt: 1, tokens: hostTokens(1), done: true });
    await monitor.items(speechItems('The little bird', { seed: 7, done: false }));
    const other = hostTokens(7).map((token) =>
      token.index < 20 ? token : { ...token, id: 999, text: ' sun' },
    );
    await monitor.tell({ kind: 'host', prompt: 2, tokens: other, done: true });
    await monitor.items(serialItems());
    // Names of files have no spaces to wrap at.
    const path = `/home/somebody/${'a_folder_with_a_long_name/'.repeat(4)}session.log`;
    await monitor.connect({ status: 'failed', board: pico, hello, detail: `See ${path}.` });
    await monitor.tell({ kind: 'failed', message: `The log cannot be written to ${path}.` });
    await monitor.wear(theme);
    for (const [size, viewport] of Object.entries(sizes)) {
      await monitor.page.setViewportSize(viewport);
      for (const name of ['speech', 'serial'] as const) {
        await monitor.tab(name);
        if (name === 'serial') await monitor.locator('.filter').fill(size === 'wide' ? 'er' : '');
        await monitor.page.waitForTimeout(200);
        if (name === 'serial') {
          // Whatever the size, the end is in sight.
          await expect.poll(async () => (await monitor.lines()).at(-1)).toMatch(/^partial|on$/);
          expect(await monitor.locator('.to-end').count()).toBe(0);
        }
        expect(await violations(monitor.page)).toEqual([]);
        await monitor.page.screenshot({
          path: join(folder, `monitor-${name}-${theme}-${size}.png`),
        });
        const cut = await monitor
          .locator('.failure, .detail')
          .evaluateAll((all) =>
            all.filter(({ scrollWidth: own, clientWidth }) => own > clientWidth),
          );
        expect(cut).toEqual([]);
        const overflow = await monitor.locator('html').evaluate((html) => html.scrollWidth);
        expect(overflow).toBeLessThanOrEqual(viewport.width);
      }
    }
    await monitor.page.setViewportSize(sizes.wide);
  });
});
