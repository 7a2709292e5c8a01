import { describe, expect, it } from 'vitest';
import { monitorPage, text } from './page';

const monitor = monitorPage();

describe('100,000 lines and more', () => {
  const batch = 2000;
  const batches = 60;
  const total = batch * batches;
  const numbered = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `line ${from + i} of the log`).join('\n') + '\n';

  const stream = async () => {
    for (let i = 0; i < batches; i++) await monitor.items([text(numbered(i * batch, batch))]);
  };
  const wheel = async (by: number) => {
    await monitor.locator('.lines').hover();
    await monitor.page.mouse.wheel(0, by);
  };

  it('keep the page small and quick', async () => {
    await monitor.tab('serial');
    await monitor.items([text('first\n')]);
    const begun = performance.now();
    await stream();
    const seconds = (performance.now() - begun) / 1000;
    console.log(`${total} lines in ${seconds.toFixed(1)} s`);
    await monitor.counts('120,001 lines');
    expect(await monitor.elements()).toBeLessThan(650);
    expect((await monitor.lines()).at(-1)).toBe(`line ${total - 1} of the log`);

    // Typing waits for nothing.
    const box = monitor.page.getByLabel('Text to send');
    await box.pressSequentially('quick brown fox');
    expect(await box.inputValue()).toBe('quick brown fox');

    await monitor.locator('.filter').fill('line 77777 ');
    await monitor.counts('1 of 120,001 lines');
    expect(await monitor.lines()).toEqual(['line 77777 of the log']);
    await monitor.locator('.filter').fill('');
    await monitor.counts('120,001 lines');
  });

  it('follow the end until the user scrolls, and do not move lines that the user reads', async () => {
    await monitor.tab('serial');
    await monitor.items([text(numbered(0, 5000))]);
    const end = monitor.locator('.to-end');
    expect(await end.count()).toBe(0);
    await wheel(-4000);
    await end.waitFor();
    const seen = await monitor.firstSeen();
    await monitor.items([text(numbered(5000, 3000))]);
    expect(await monitor.firstSeen()).toBe(seen);
    expect(await end.innerText()).toBe('Jump to end (3,000 new)');
    await end.locator('vscode-button').click();
    await end.waitFor({ state: 'detached' });
    expect((await monitor.lines()).at(-1)).toBe('line 7999 of the log');
    await monitor.items([text(numbered(8000, 10))]);
    expect((await monitor.lines()).at(-1)).toBe('line 8009 of the log');
  });

  it('are accepted by a hidden page', async () => {
    await monitor.page.evaluate('globalThis.requestAnimationFrame = () => 0');
    await monitor.tab('serial');
    for (let i = 0; i < 4; i++) await monitor.items([text(numbered(i * batch, batch))]);
    await monitor.counts('8,000 lines');
  });

  it('stay in place while older ones are dropped', async () => {
    await monitor.tab('serial');
    for (let from = 0; from < 200_000; from += 50_000) {
      await monitor.items([text(numbered(from, 50_000))]);
    }
    await wheel(-4000);
    await monitor.locator('.to-end').waitFor();
    const seen = await monitor.firstSeen();
    await monitor.items([text(numbered(200_000, 30_000))]);
    await monitor.counts('200,000 lines');
    expect(await monitor.firstSeen()).toBe(seen);
  });
});
