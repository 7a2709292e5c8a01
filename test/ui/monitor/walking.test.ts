import { beforeEach, describe, expect, it } from 'vitest';
import type { MonitorItem } from '../../../src/core/wire/monitor-messages';
import { monitorPage } from './page';
import { begin, hostTokens, speechItems } from './samples';

const monitor = monitorPage();

/** A generation of tokens with these texts. */
function spoken(texts: readonly string[]): MonitorItem[] {
  const tokens = texts.map((text, index): MonitorItem => {
    const us = 3000 * (index + 1);
    return { at: begin, kind: 'record', record: { record: 'token', index, id: index, text, us } };
  });
  return [{ at: begin, kind: 'sent', line: 'generate seed=1 prompt=' }, ...tokens];
}

const figures = () => monitor.locator('[data-testid="figures"]').textContent();
const press = (key: string) => monitor.page.keyboard.press(key);

/** Whether an element is entirely visible in the view of generations. */
const isInView = (selector: string) =>
  monitor.locator(selector).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const view = element.closest('.scrolled')?.getBoundingClientRect();
    return view !== undefined && top >= view.top - 1 && bottom <= view.bottom + 1;
  });

describe('walking over the tokens', () => {
  beforeEach(async () => {
    await monitor.items(spoken(Array.from({ length: 1200 }, (_, index) => ` word${index}`)));
    await monitor.locator('.generations').focus();
    await press('Tab');
  });

  it('keeps the token in sight, and shows the facts about it', async () => {
    for (const key of ['End', 'Home', 'PageDown', 'ArrowDown', 'End', 'ArrowUp', 'PageUp']) {
      await press(key);
      expect(await isInView('.token.focused'), key).toBe(true);
      const walked = await monitor.locator('.token.focused').textContent();
      expect(await figures()).toContain(JSON.stringify(walked));
    }
  });

  it('moves by line and by page', async () => {
    const box = () => monitor.locator('.token.focused').boundingBox();
    await press('Home');
    for (let i = 0; i < 4; i++) await press('ArrowRight');
    const from = await box();
    await press('ArrowDown');
    const below = await box();
    expect((below?.y ?? 0) - (from?.y ?? 0)).toBeCloseTo(25.5, -1);
    expect(Math.abs((below?.x ?? 0) - (from?.x ?? 0))).toBeLessThan(60);
    await press('ArrowUp');
    expect(await box()).toEqual(from);
    await press('PageDown');
    const index = Number(await monitor.locator('.token.focused').getAttribute('data-index'));
    expect(index).toBeGreaterThan(60);
    await press('PageUp');
    expect(await box()).toEqual(from);
  });

  it('is one stop of the Tab key, from one generation to the next', async () => {
    for (let i = 0; i < 5; i++) await monitor.items(spoken([` a${i}`, ` b${i}`]));
    expect(await monitor.locator('.tokens[tabindex="0"]').count()).toBe(1);
    await press('End');
    await press('ArrowRight');
    expect(await figures()).toMatch(/^Token 0: " a0"/);
    await press('ArrowDown');
    expect(await figures()).toMatch(/^Token \d: " [ab]1"/);
    await press('ArrowLeft');
    await press('ArrowLeft');
    expect(await figures()).toMatch(/^Token \d: " [ab]0"/);
    expect(await monitor.locator('.tokens[tabindex="0"]').count()).toBe(1);
    await press('Tab');
    expect(await figures()).toMatch(/^2 tokens/);
    expect(await monitor.locator('.token.focused').count()).toBe(0);
  });

  it('does not scroll to the end when new tokens arrive', async () => {
    await press('End');
    await monitor.items(spoken([' more', ' of', ' it', '\n', '\n', '\n', '\n', 'end']));
    expect(await isInView('.token.focused')).toBe(true);
  });
});

describe('tokens without visible text', () => {
  const texts = [' Once', '\n', '', '', '😀', '\n\n', '\x07', ' end'];

  it('have a mark that the user can point at', async () => {
    await monitor.items(spoken(texts));
    const tokens = monitor.locator('[data-testid="said"] .token');
    const widths = await tokens.evaluateAll((all) =>
      all.map((token) => token.getClientRects()[0]?.width ?? 0),
    );
    expect(Math.min(...widths)).toBeGreaterThan(2);
    await tokens.nth(2).hover();
    expect(await figures()).toMatch(/^Token 2: "" · id 2/);
    expect(await tokens.evaluateAll((all) => all.map((token) => token.textContent))).toEqual(texts);
  });

  it('are copied without their marks', async () => {
    await monitor.items(spoken(texts));
    await monitor.page.evaluate(
      "getSelection().selectAllChildren(document.querySelector('[data-testid=said]'))",
    );
    await press('Control+c');
    const copied = await monitor.page.evaluate('navigator.clipboard.readText()');
    expect(copied).toBe(texts.join(''));
  });
});

describe('the end of the generations', () => {
  const distance = () =>
    monitor
      .locator('.generations')
      .evaluate(({ scrollTop, scrollHeight, clientHeight }) =>
        Math.round(scrollHeight - scrollTop - clientHeight),
      );
  const toEnd = monitor.locator.bind(monitor, '.speech .to-end');
  const away = async () => {
    for (let i = 0; i < 6; i++) await monitor.items(speechItems(`Prompt ${i}`));
    expect(await toEnd().count()).toBe(0);
    await monitor.locator('.generations').hover();
    await monitor.page.mouse.wheel(0, -5000);
    await toEnd().waitFor();
  };

  it('is followed again after a new prompt', async () => {
    await away();
    await monitor.locator('textarea').fill('hello');
    await monitor.locator('textarea').press('Enter');
    await expect.poll(distance).toBeLessThan(2);
    expect(await isInView('.awaited')).toBe(true);
    await monitor.items(speechItems('hello'));
    await expect.poll(distance).toBeLessThan(2);
    expect(await toEnd().count()).toBe(0);
  });

  it('is one button away', async () => {
    await away();
    await toEnd().locator('vscode-button').click();
    await toEnd().waitFor({ state: 'detached' });
    await expect.poll(distance).toBeLessThan(2);
    await monitor.items(speechItems('more'));
    await expect.poll(distance).toBeLessThan(2);
  });

  it('stays in sight while the user types a longer prompt', async () => {
    for (let i = 0; i < 6; i++) await monitor.items(speechItems(`Prompt ${i}`));
    await monitor.locator('textarea').fill('one\ntwo\nthree\nfour\nfive\nsix');
    await expect.poll(distance).toBeLessThan(2);
  });
});

describe('the text of this computer', () => {
  it("is shown beside the board's when the user chooses so, also the next time", async () => {
    const say = async () => {
      await monitor.items(speechItems('Once', { done: false }));
      await monitor.tell({ kind: 'host', prompt: 1, tokens: hostTokens(), done: true });
    };
    await say();
    await monitor.locator('[data-testid="comparison"]').waitFor();
    expect(await monitor.locator('.said.host').count()).toBe(0);
    await monitor.page.getByRole('checkbox', { name: 'Side by side' }).click();
    await monitor.locator('.said.host', { hasText: 'This computer' }).waitFor();
    await monitor.load();
    await say();
    const host = monitor.locator('.said.host');
    const board = monitor.locator('[data-testid="said"]');
    await host.waitFor();
    expect((await host.boundingBox())?.y).toBe((await board.boundingBox())?.y);
    await monitor.page.setViewportSize({ width: 400, height: 720 });
    const { y = 0, height = 0 } = (await board.boundingBox()) ?? {};
    expect((await host.boundingBox())?.y).toBeGreaterThanOrEqual(y + height);
    await monitor.page.setViewportSize({ width: 900, height: 720 });
    expect(await monitor.locator('.token.differs').count()).toBe(0);
  });
});
