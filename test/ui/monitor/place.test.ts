import { describe, expect, it } from 'vitest';
import { monitorPage, text } from './page';
import { speechItems } from './samples';

const monitor = monitorPage();

/** Lines of which every twentieth is a hit. */
const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => from + i)
    .map((number) => `line ${number}${number % 20 === 0 ? ' hit' : ''}\n`)
    .join('');

describe('a tab that the user leaves and shows again', () => {
  it('keeps its lines, its selection and its filter', async () => {
    await monitor.tab('serial');
    await monitor.items([text(numbered(0, 5000))]);
    await monitor.locator('.filter').fill('line');
    await monitor.counts('5,000 of 5,000 lines');
    await monitor.scrollTo(2345, 'line 2345');
    await monitor.locator('.line[data-number="2350"] .found').dblclick();
    const selected = () => monitor.page.evaluate('String(getSelection())');
    expect(await selected()).toBe('line');
    await monitor.tab('speech');
    await monitor.items([text(numbered(5000, 100))]);
    await monitor.tab('serial');
    expect(await monitor.firstSeen()).toBe('line 2345');
    expect(await monitor.locator('.filter').inputValue()).toBe('line');
    expect(await selected()).toBe('line');
    expect(await monitor.locator('.to-end').innerText()).toBe('Jump to end (100 new)');
  });

  it('is at the end when it was before, also in a window of another size', async () => {
    await monitor.tab('serial');
    await monitor.items([text(numbered(0, 1000))]);
    await monitor.tab('speech');
    await monitor.page.setViewportSize({ width: 600, height: 400 });
    await monitor.items([text(numbered(1000, 1000))]);
    await monitor.tab('serial');
    await monitor.locator('.line[data-number="1999"]').waitFor();
    expect(await monitor.locator('.to-end').count()).toBe(0);
    await monitor.page.setViewportSize({ width: 900, height: 720 });
    await expect.poll(() => monitor.lines()).toContain('line 1999');
  });

  it('renders nothing while hidden', async () => {
    await monitor.tab('serial');
    await monitor.items([text(numbered(0, 100))]);
    await monitor.tab('speech');
    await monitor.page.evaluate(`
      globalThis.changes = 0;
      new MutationObserver((records) => (changes += records.length)).observe(
        document.getElementById('tab-panel-serial'),
        { subtree: true, childList: true, attributes: true, characterData: true },
      );`);
    for (let i = 1; i < 10; i++) await monitor.items([text(numbered(100 * i, 100))]);
    expect(await monitor.page.evaluate('changes')).toBe(0);
    await monitor.tab('serial');
    await monitor.counts('1,000 lines');
    expect((await monitor.lines()).at(-1)).toBe('line 999');
  });

  it('keeps the scroll position among the generations', async () => {
    for (let i = 0; i < 6; i++) await monitor.items(speechItems(`Prompt ${i}`));
    const said = monitor.locator('.generations');
    const top = () => said.evaluate((element) => element.scrollTop);
    await expect.poll(top).toBeGreaterThan(0);
    await said.evaluate((element) => (element.scrollTop = 120));
    // Wait two frames: by then the page has the scroll event.
    await monitor.page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
    );
    await monitor.tab('serial');
    await monitor.items(speechItems('One more'));
    await monitor.tab('speech');
    expect(await monitor.locator('.generation').count()).toBe(7);
    expect(await top()).toBe(120);
  });
});

describe('another filter', () => {
  it('keeps the line at the top in place, or the nearest', async () => {
    await monitor.tab('serial');
    await monitor.items([text(numbered(0, 5000))]);
    await monitor.scrollTo(2345, 'line 2345');
    const filter = monitor.locator('.filter');
    await filter.fill('hit');
    await monitor.counts('250 of 5,000 lines');
    expect(await monitor.firstSeen()).toBe('line 2340 hit');
    await monitor.items([text(numbered(5000, 20))]);
    await monitor.counts('251 of 5,020 lines');
    expect(await monitor.locator('.to-end').innerText()).toBe('Jump to end (1 new)');
    // The hit in its surroundings.
    await filter.fill('');
    await monitor.counts('5,020 lines');
    expect(await monitor.firstSeen()).toBe('line 2340 hit');
    expect(await monitor.lines()).toContain('line 2341');
    expect(await monitor.locator('.to-end').innerText()).toBe('Jump to end (20 new)');
    // A filter without matches must not lose the place.
    await filter.fill('no such line');
    await monitor.counts('0 of 5,020 lines');
    await filter.fill('');
    await monitor.counts('5,020 lines');
    expect(await monitor.firstSeen()).toBe('line 2340 hit');
  });

  it('keeps it also while a long log is filtered piece by piece', async () => {
    await monitor.tab('serial');
    for (let from = 0; from < 150_000; from += 50_000) {
      await monitor.items([text(numbered(from, 50_000))]);
    }
    await monitor.scrollTo(120_003, 'line 120003');
    await monitor.locator('.filter').fill('/(l|li|lin|line) \\d+0 hit$/');
    await monitor.counts('7,499 of 150,000 lines');
    expect(await monitor.firstSeen()).toBe('line 120000 hit');
  });

  it('keeps the selection in place', async () => {
    await monitor.tab('serial');
    await monitor.items([text(numbered(0, 5000))]);
    await monitor.locator('.filter').fill('/line [134]000 /');
    await monitor.counts('3 of 5,000 lines');
    const line = monitor.locator('.line[data-number="3000"]');
    await line.locator('.found').dblclick();
    await monitor.locator('.to-end').waitFor();
    const place = await line.evaluate((row) => row.getBoundingClientRect().top);
    await monitor.locator('.filter').fill('');
    await monitor.counts('5,000 lines');
    expect(await line.evaluate((row) => row.getBoundingClientRect().top)).toBe(place);
    expect(await monitor.lines()).toContain('line 3001');
  });

  it('continues at the end when the list followed it', async () => {
    await monitor.tab('serial');
    await monitor.items([text(numbered(0, 5000))]);
    await monitor.locator('.filter').fill('hit');
    await monitor.counts('250 of 5,000 lines');
    expect((await monitor.lines()).at(-1)).toBe('line 4980 hit');
    await monitor.locator('.filter').fill('');
    await monitor.counts('5,000 lines');
    expect((await monitor.lines()).at(-1)).toBe('line 4999');
    expect(await monitor.locator('.to-end').count()).toBe(0);
  });
});
