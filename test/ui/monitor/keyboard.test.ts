import { describe, expect, it } from 'vitest';
import { monitorPage, text } from './page';
import { pico, virtual } from './samples';

const monitor = monitorPage();

describe('a dropdown, while the board talks', () => {
  const dropdown = (label: string) => monitor.locator(`vscode-dropdown[aria-label="${label}"]`);
  const valueOf = (label: string) =>
    dropdown(label).evaluate((element) => (element as unknown as { value: string }).value);

  it('can be used by keyboard', async () => {
    await monitor.tab('serial');
    await monitor.items([text('first\n')]);
    await dropdown('Times').focus();
    await monitor.page.keyboard.press('Enter');
    await monitor.page.keyboard.press('ArrowDown');
    await monitor.items([text('second\n')]);
    await monitor.page.waitForTimeout(50);
    expect(await valueOf('Times')).toBe('Since the first line');
    await monitor.page.keyboard.press('ArrowDown');
    await monitor.items([text('third\n')]);
    await monitor.page.keyboard.press('Enter');
    await expect
      .poll(() => monitor.locator('.line .time').allTextContents())
      .toEqual(['    +0.000', '    +0.000', '    +0.000']);
    expect(await valueOf('Times')).toBe('Since the line before');
  });

  it('does not move while it is open, and shows the present state afterwards', async () => {
    await dropdown('Board').focus();
    await monitor.page.keyboard.press('Enter');
    await monitor.connect({ board: virtual });
    await monitor.page.waitForTimeout(50);
    expect(await dropdown('Board').getAttribute('open')).not.toBeNull();
    await monitor.page.keyboard.press('Escape');
    await monitor.page.keyboard.press('Tab');
    await expect.poll(() => valueOf('Board')).toBe('Virtual Pico (emulated here)');
    expect(await monitor.posted()).toEqual([{ kind: 'ready' }]);
  });

  it('shows the whole text of a value that is cut off', async () => {
    const title = `${pico.label} (${pico.detail})`;
    expect(await dropdown('Board').getAttribute('title')).toBe(title);
  });
});

describe('Enter with other keys', () => {
  it.each(['Control+Alt', 'Control', 'Meta', 'Alt'])('sends no prompt with %s', async (keys) => {
    const box = monitor.locator('textarea');
    await box.fill('half a prompt');
    await box.press(`${keys}+Enter`);
    await monitor.page.waitForTimeout(50);
    expect(await box.inputValue()).toBe('half a prompt');
    expect(await monitor.posted()).toEqual([{ kind: 'ready' }]);
    await box.press('Enter');
    expect((await monitor.posted()).at(-1)).toMatchObject({ kind: 'prompt' });
  });
});
