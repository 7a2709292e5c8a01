import { beforeEach, describe, expect, it } from 'vitest';
import { monitorPage, text } from './page';

const monitor = monitorPage();
beforeEach(() => monitor.tab('serial'));

const box = () => monitor.page.getByLabel('Text to send');
const sent = async () => (await monitor.posted()).slice(1);

describe('input for programs of others', () => {
  it('is sent with the keys of terminals', async () => {
    await box().press('Control+c');
    await box().fill('print(1)');
    // There is something that may be meant to be copied.
    await box().press('Control+c');
    await box().press('Control+d');
    expect(await sent()).toEqual([
      { kind: 'send', text: '\x03', ending: 'none' },
      { kind: 'send', text: '\x04', ending: 'none' },
    ]);
    expect(await box().inputValue()).toBe('print(1)');
    await box().fill('');
    await monitor.connect({ status: 'none' });
    await box().press('Control+d');
    expect(await sent()).toHaveLength(2);
  });

  it('is typed with escapes when the user chooses so, also the next time', async () => {
    await box().fill('\\x03');
    await box().press('Enter');
    await monitor.page.getByRole('checkbox', { name: 'Escapes' }).click();
    await monitor.load();
    await monitor.connect();
    await box().fill('\\x03\\tgo\\\\');
    await box().press('Enter');
    await box().fill('\\q');
    await monitor.locator('.send-box .problem', { hasText: '\\q is no escape' }).waitFor();
    await box().press('Enter');
    expect(await box().inputValue()).toBe('\\q');
    expect(await sent()).toEqual([{ kind: 'send', text: '\x03\tgo\\', ending: 'lf' }]);
  });

  it('is not sent by keys with another meaning', async () => {
    await box().fill('half a line');
    for (const keys of ['Control+Alt', 'Control', 'Alt']) await box().press(`${keys}+Enter`);
    expect(await sent()).toEqual([]);
  });
});

describe('another baud rate', () => {
  const rate = () => monitor.page.getByLabel('Other baud rate');

  it('is typed, from 50 to 4,000,000', async () => {
    await monitor.choose('Baud rate', 'Other...');
    for (const wrong of ['', '49', '4000001', '9600.5', 'fast']) {
      await rate().fill(wrong);
      await rate().press('Enter');
      expect(await rate().getAttribute('aria-invalid')).toBe('true');
    }
    await rate().fill('31250');
    await rate().press('Enter');
    expect(await sent()).toEqual([{ kind: 'baudRate', baudRate: 31250 }]);
    await monitor.connect({ baudRate: 31250 });
    const dropdown = monitor.locator('vscode-dropdown[aria-label="Baud rate"]');
    await expect.poll(() => dropdown.getAttribute('title')).toBe('31250 baud');
  });

  it('stays the same after Escape', async () => {
    await monitor.choose('Baud rate', 'Other...');
    await rate().fill('50');
    await rate().press('Escape');
    await rate().waitFor({ state: 'detached' });
    expect(await sent()).toEqual([]);
  });
});

describe('a line that was split', () => {
  const long = 'x'.repeat(4500);
  const copied = () => monitor.page.evaluate<string>('navigator.clipboard.readText()');

  it('is marked, and copied in one piece', async () => {
    await monitor.items([text(`before\n${long}\nafter\n`)]);
    await monitor.counts('5 lines');
    expect(await monitor.locator('.line.rest').count()).toBe(2);
    await monitor.choose('Times', 'No times');
    await monitor.locator('vscode-button', { hasText: 'Copy' }).click();
    await expect.poll(copied).toBe(`before\n${long}\nafter`);
    // From within the first piece to within the last line.
    await monitor.page.evaluate(`
      const [, first, , , last] = document.querySelectorAll('.line .text');
      getSelection().setBaseAndExtent(first.firstChild, 500, last.firstChild, 2);`);
    await monitor.locator('.lines').press('Control+c');
    await expect.poll(copied).toBe(`${long.slice(500)}\naf`);
  });

  it('is not joined over lines that the filter hides', async () => {
    await monitor.items([text(`${'a'.repeat(2000)}${'b'.repeat(2000)}${'a'.repeat(9)}\n`)]);
    await monitor.choose('Times', 'No times');
    await monitor.locator('.filter').fill('a');
    await monitor.counts('2 of 3 lines');
    await monitor.locator('vscode-button', { hasText: 'Copy' }).click();
    await expect.poll(copied).toBe(`${'a'.repeat(2000)}\n${'a'.repeat(9)}`);
  });
});

it('a recorded session is named, and needs no log', async () => {
  const save = monitor.locator('vscode-button', { hasText: 'Save Log' });
  await monitor.connect({ status: 'replaying', detail: 'monday.log' });
  await monitor.locator('.detail.replaying', { hasText: 'monday.log' }).waitFor();
  expect(await save.getAttribute('title')).toMatch(/is in a file already/);
  expect(await save.getAttribute('class')).toContain('disabled');
  await monitor.connect();
  await expect.poll(() => save.getAttribute('title')).toMatch(/^Save everything/);
});
