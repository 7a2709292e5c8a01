import { describe, expect, it } from 'vitest';
import { monitorPage } from './page';
import { hello, hostTokens, pico, serialItems, speechItems } from './samples';

const monitor = monitorPage();

/** The last two are those of a small panel at a zoom of 200 %. */
const sizes = [
  [300, 300],
  [300, 430],
  [450, 360],
  [800, 250],
  [300, 760],
  [900, 720],
] as const;

/** Elements that stand below each other in a view; boxes may touch. */
const stacks = {
  serial: ['header', '.tabs', '.tools', '.lines', '.send-box'],
  speech: ['header', '.failure', '.tabs', '.generations', '.strip', '.prompt-box'],
};

const overlaps = async (selectors: readonly string[]) => {
  const boxes = await Promise.all(
    selectors.map(async (selector) => {
      const box = await monitor.locator(selector).boundingBox();
      return { selector, top: box?.y ?? NaN, bottom: (box?.y ?? NaN) + (box?.height ?? NaN) };
    }),
  );
  return boxes.flatMap((box, index) => {
    const before = boxes[index - 1];
    return before && !(box.top >= before.bottom - 0.5) ? [[before, box]] : [];
  });
};

describe.each(sizes)('at %i by %i pixels', (width, height) => {
  const long = `/home/somebody/${'a_folder_with_a_long_name/'.repeat(8)}session.log`;

  it('no elements overlap, and all can be scrolled to', async () => {
    await monitor.page.setViewportSize({ width, height });
    await monitor.connect({ status: 'failed', board: pico, hello, detail: `See ${long}.` });
    await monitor.tell({ kind: 'failed', message: `The log cannot be written to ${long}.` });
    for (let i = 0; i < 6; i++) await monitor.items(speechItems(`Prompt ${i}`));
    await monitor.tell({ kind: 'host', prompt: 6, tokens: hostTokens(), done: true });
    for (let i = 0; i < 3; i++) await monitor.items(serialItems());
    await monitor.locator('.sampling summary').click();
    await monitor.locator('textarea').fill('one\ntwo\nthree\nfour\nfive\nsix\nseven\neight');
    for (const [name, stack] of Object.entries(stacks)) {
      await monitor.tab(name as keyof typeof stacks);
      await monitor.page.waitForTimeout(100);
      expect(await overlaps(stack)).toEqual([]);
      const last = monitor.locator(stack.at(-1) ?? '');
      await last.scrollIntoViewIfNeeded();
      const { y = 0, height: own = 0 } = (await last.boundingBox()) ?? {};
      expect(y + own).toBeLessThanOrEqual(height + 0.5);
      const list = await monitor
        .locator(name === 'serial' ? '.lines' : '.generations')
        .boundingBox();
      expect(list?.height).toBeGreaterThanOrEqual(119);
      const page = await monitor.page.evaluate<number>('document.documentElement.scrollWidth');
      expect(page).toBeLessThanOrEqual(width);
    }
  });
});

it('a window of the usual size is filled, and does not scroll', async () => {
  await monitor.page.setViewportSize({ width: 900, height: 720 });
  for (let i = 0; i < 6; i++) await monitor.items(speechItems(`Prompt ${i}`));
  for (let i = 0; i < 20; i++) await monitor.items(serialItems());
  for (const name of ['speech', 'serial'] as const) {
    await monitor.tab(name);
    expect(await monitor.page.evaluate('document.documentElement.scrollHeight')).toBe(720);
    const box = await monitor.locator(stacks[name].at(-1) ?? '').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeCloseTo(720, 0);
  }
});
