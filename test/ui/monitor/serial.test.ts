import { beforeEach, describe, expect, it } from 'vitest';
import { monitorPage, text } from './page';
import { begin, serialItems } from './samples';

const monitor = monitorPage();

describe('the serial view', () => {
  beforeEach(() => monitor.tab('serial'));

  it('shows all output, however it is split', async () => {
    await monitor.items([text('par'), text('tial\r\n\x1b[31mre'), text('d\x1b[0m\r\nbell\x07')]);
    expect(await monitor.lines()).toEqual(['partial', 'red', 'bell\\x07']);
    expect(await monitor.locator('.line .ansi-1').textContent()).toBe('red');
    await monitor.items([
      text(' more\n10 %\r'),
      text('20 %'),
      { at: begin, kind: 'note', text: 'Disconnected.' },
      { at: begin, kind: 'skipped', bytes: 1234 },
      { at: begin, kind: 'sent', line: 'help' },
    ]);
    expect(await monitor.lines()).toEqual([
      ...['partial', 'red', 'bell\\x07 more', '20 %', 'Disconnected.'],
      ...['1,234 bytes came too fast to show; they are in the log.', 'help'],
    ]);
  });

  it('shows records in words or as received', async () => {
    await monitor.items([
      {
        at: begin,
        kind: 'record',
        record: { record: 'token', index: 0, id: 7, text: ' a', us: 1500, rank: 1 },
      },
    ]);
    expect(await monitor.lines()).toEqual(['token 0: " a" (id 7, rank 1) after 1,500 us']);
    await monitor.page.getByRole('checkbox', { name: 'Records in words' }).click();
    const raw = '{"record":"token","index":0,"id":7,"text":" a","us":1500,"rank":1}';
    await expect.poll(() => monitor.lines()).toEqual([raw]);
    expect(await monitor.locator('.line .name').count()).toBe(6);
    expect(await monitor.locator('.line .number').count()).toBe(4);
  });

  it('shows when lines arrived', async () => {
    await monitor.items([text('a\n'), text('b\n', begin + 1250), text('c\n', begin + 1260)]);
    const times = () => monitor.locator('.line .time').allTextContents();
    expect((await times())[0]).toMatch(/^\d\d:\d\d:\d\d\.678$/);
    await monitor.choose('Times', 'Since the first line');
    await expect.poll(times).toEqual(['    +0.000', '    +1.250', '    +1.260']);
    await monitor.choose('Times', 'Since the line before');
    await expect.poll(times).toEqual(['    +0.000', '    +1.250', '    +0.010']);
    await monitor.choose('Times', 'No times');
    await expect.poll(times).toEqual([]);
  });

  it('sends lines with the chosen end, and recalls earlier ones', async () => {
    const box = monitor.page.getByLabel('Text to send');
    await box.fill('help');
    await box.press('Enter');
    await monitor.choose('Line end', 'CR LF');
    await box.fill('AT');
    await box.press('Enter');
    await monitor.choose('Baud rate', '9600 baud');
    await monitor.locator('vscode-button', { hasText: 'Save Log' }).click();
    expect((await monitor.posted()).slice(1)).toEqual([
      { kind: 'send', text: 'help', ending: 'lf' },
      { kind: 'send', text: 'AT', ending: 'crlf' },
      { kind: 'baudRate', baudRate: 9600 },
      { kind: 'saveLog' },
    ]);
    await box.press('ArrowUp');
    await box.press('ArrowUp');
    expect(await box.inputValue()).toBe('help');
  });

  it('filters, and reports a bad expression', async () => {
    await monitor.items(serialItems());
    await monitor.locator('.lines').press('Control+f');
    await monitor.page.keyboard.type('SENSOR');
    await monitor.counts('1 of 14 lines');
    expect(await monitor.locator('.line .found').textContent()).toBe('sensor');
    await monitor.items([text('\nsensor: ok\n')]);
    await monitor.counts('2 of 15 lines');
    await monitor.locator('.filter').fill('/sensor.*(/');
    await monitor.locator('.problem', { hasText: 'Invalid regular expression' }).waitFor();
    await monitor.counts('15 lines');
    await monitor.locator('.filter').fill('/^[EW] /');
    await monitor.counts('2 of 15 lines');
    await monitor.locator('.filter').press('Escape');
    await monitor.counts('15 lines');
  });

  it.each(['/(\\w+\\s?)+$x/', '/^(a+)+$/', '/.*.*.*.*.*=x$/'])(
    'does not hang for %s',
    async (query) => {
      await monitor.items([text(`${'a'.repeat(34)}!\n${'b'.repeat(2000)}\n`)]);
      const begun = performance.now();
      await monitor.locator('.filter').fill(query);
      await monitor.locator('.problem', { hasText: 'Not filtered.' }).waitFor();
      expect(performance.now() - begun).toBeLessThan(5000);
      await monitor.counts('2 lines');
      expect(await monitor.lines()).toHaveLength(2);
    },
  );

  it('can be emptied', async () => {
    await monitor.items(serialItems());
    await monitor.locator('vscode-button', { hasText: 'Clear' }).click();
    await monitor.counts('0 lines');
    expect(await monitor.lines()).toEqual([]);
    await monitor.items([text('anew\n')]);
    expect(await monitor.lines()).toEqual(['anew']);
  });
});

/** Records the messages about copying, however short-lived; runs in the page. */
const recordTold = `{
  globalThis.told = [];
  new MutationObserver(() => {
    const all = [...document.querySelectorAll('.copied, .tools [role="alert"]')];
    const text = all.map((element) => element.textContent).join('');
    if (text !== (told.at(-1) ?? '')) told.push(text);
  }).observe(document.querySelector('.tools'), { subtree: true, childList: true, characterData: true });
}`;

describe('copying', () => {
  const told = () => monitor.page.evaluate('told') as Promise<string[]>;
  const copied = () => monitor.page.evaluate('navigator.clipboard.readText()') as Promise<string>;
  const all = Array.from({ length: 1000 }, (_, i) => `line ${i}`);

  beforeEach(async () => {
    await monitor.tab('serial');
    await monitor.items([text(`${all.join('\n')}\n`)]);
  });

  it('copies a selection from the lines, not from the rendered rows', async () => {
    const list = monitor.locator('.lines');
    await list.evaluate((element) => (element.scrollTop = 0));
    await expect.poll(async () => (await monitor.lines())[0]).toBe('line 0');
    const first = await monitor.locator('.line[data-number="2"] .text').boundingBox();
    const { mouse, keyboard } = monitor.page;
    await mouse.move((first?.x ?? 0) + 1, (first?.y ?? 0) + 8);
    await mouse.down();
    await mouse.move((first?.x ?? 0) + 60, (first?.y ?? 0) + 60, { steps: 4 });
    await mouse.up();
    // The end of the selection goes far away, and the row at its beginning stays.
    await list.evaluate((element) => {
      element.scrollTop = 505 * (element.querySelector('.line')?.clientHeight ?? 0);
    });
    await monitor.locator('.line[data-number="510"]').waitFor();
    await keyboard.down('Shift');
    await monitor.locator('.line[data-number="510"] .text').click({ position: { x: 1, y: 8 } });
    await keyboard.up('Shift');
    expect(await monitor.locator('.line[data-number="2"]').count()).toBe(1);
    expect(await monitor.elements()).toBeLessThan(650);
    await keyboard.press('Control+c');
    expect(await copied()).toBe(`${all.slice(2, 510).join('\n')}\n`);
    // New lines must not scroll the list while the user selects.
    await monitor.items([text('more\n')]);
    await monitor.locator('.to-end vscode-button').click();
    await monitor.locator('.to-end').waitFor({ state: 'detached' });
    expect((await monitor.lines()).at(-1)).toBe('more');
  });

  it('copies everything that is shown', async () => {
    await monitor.locator('.filter').fill('/line 9\\d*$/');
    await monitor.counts('111 of 1,000 lines');
    const shown = all.filter((line) => /line 9\d*$/.test(line));
    const withTimes = (value: string) => value.split('\n').map((line) => line.slice(13));
    await monitor.locator('.lines').focus();
    await monitor.page.keyboard.press('Control+a');
    await monitor.page.keyboard.press('Control+c');
    expect(withTimes(await copied())).toEqual(shown);
    await monitor.page.evaluate("navigator.clipboard.writeText('')");
    await monitor.locator('vscode-button', { hasText: 'Copy' }).click();
    await expect.poll(async () => withTimes(await copied())).toEqual(shown);
  });

  it('shows for a while that it has succeeded', async () => {
    await monitor.page.evaluate(recordTold);
    await monitor.locator('vscode-button', { hasText: 'Copy' }).click();
    await expect.poll(told).toEqual(['Copied 1,000 lines', '']);
    await monitor.counts('1,000 lines');
    await monitor.locator('.filter').fill('line 123');
    await monitor.counts('1 of 1,000 lines');
    await monitor.locator('vscode-button', { hasText: 'Copy' }).click();
    await expect.poll(told).toContain('Copied 1 line');
  });

  it('reports when the clipboard refuses', async () => {
    await monitor.page.evaluate(recordTold);
    await monitor.page.evaluate(
      "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no'))",
    );
    await monitor.locator('vscode-button', { hasText: 'Copy' }).click();
    await expect.poll(async () => (await told())[0]).toMatch(/^Not copied: .* press Ctrl\+A and /);
  });
});
