import { describe, expect, it } from 'vitest';
import { withDefaults } from '../../../src/core/model/defaults';
import { findPreset } from '../../../src/core/model/presets';
import { monitorPage } from './page';
import { hello, hostTokens, pico, speechItems } from './samples';

/** The part of a text field that the tests use. */
interface TextField {
  selectionStart: number;
}

const monitor = monitorPage();

describe('the connection', () => {
  it('is described in words, with the facts of the board', async () => {
    expect(await monitor.locator('.status').textContent()).toBe('Connected');
    expect(await monitor.locator('.facts').innerText()).toMatch(
      /Model\s*3f9a1c77\s*Board\s*pico\s*Clock\s*200 MHz\s*SRAM free\s*55 KB/,
    );
    const detail = '/dev/ttyACM0 belongs to the group dialout. Join it: sudo usermod -aG dialout.';
    await monitor.connect({ status: 'failed', board: pico, detail });
    await expect.poll(() => monitor.locator('.status').textContent()).toBe('Cannot connect');
    expect(await monitor.locator('.detail').textContent()).toBe(detail);
    expect(await monitor.locator('.held').textContent()).toBe('The board cannot be reached.');
    await monitor.locator('vscode-button', { hasText: 'Try Again' }).click();
    expect((await monitor.posted()).at(-1)).toEqual({ kind: 'connect' });
  });

  it('can be chosen, ended, restarted, and left for a recorded session', async () => {
    await monitor.choose('Board', 'Virtual Pico');
    await monitor.locator('vscode-button', { hasText: 'Disconnect' }).click();
    await monitor.connect({ status: 'none', board: pico });
    await monitor.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await monitor.locator('vscode-button', { hasText: 'Replay' }).click();
    expect(await monitor.posted()).toEqual([
      { kind: 'ready' },
      { kind: 'choose', board: 'virtual' },
      { kind: 'disconnect' },
      { kind: 'connect' },
      { kind: 'replay' },
    ]);
  });

  it('shows a failure until the user dismisses it', async () => {
    await monitor.tell({ kind: 'failed', message: 'The log cannot be written. Free some space.' });
    await monitor.locator('.failure', { hasText: 'Free some space.' }).waitFor();
    await monitor.locator('.failure button').click();
    await monitor.locator('.failure').waitFor({ state: 'detached' });
  });
});

describe('a generation', () => {
  it('streams, shaded by latency, with the prompt apart', async () => {
    const items = speechItems('Once upon a time', { done: false });
    await monitor.items(items.slice(0, 12));
    const said = monitor.locator('[data-testid="said"]');
    expect(await said.locator('.prompt').textContent()).toBe('Once upon a time');
    expect(await said.locator('.token').count()).toBe(11);
    expect(await monitor.locator('[data-testid="figures"]').textContent()).toMatch(
      /^11 tokens · \d+ tok\/s$/,
    );
    await monitor.locator('vscode-button', { hasText: 'Stop' }).waitFor();
    await monitor.items(speechItems('Once upon a time').slice(12));
    const steps = await said
      .locator('.token')
      .evaluateAll((tokens) =>
        tokens.map(({ className }) => Number(/step-(\d)/.exec(className)?.[1])),
      );
    expect(new Set(steps).size).toBeGreaterThan(2);
    expect(steps[0]).toBe(0);
    expect(await monitor.locator('.legend').innerText()).toMatch(/ms\s+[\d.]+ ms a token/);
    expect(await monitor.locator('.plot canvas').count()).toBe(1);
    expect(await monitor.locator('[data-testid="figures"]').textContent()).toBe(
      '28 tokens · 246 tok/s · 812,345 cycles a token · end-of-text · 1,832 bytes of stack · USB takes 23 % of the time; the rest is computing.',
    );
  });

  it('says what its time went into, where the workspace has the model of the board', async () => {
    const config = withDefaults(findPreset('demo')!.file, 'demo');
    await monitor.connect({ board: pico, hello, config });
    await monitor.items(speechItems('Once upon a time'));
    expect(await monitor.locator('[data-testid="figures"]').textContent()).toMatch(
      /Time goes into matrices \(\d+ %\), .*USB \(?23 %/,
    );
  });

  it('shows the facts about a token, to the mouse and to the keyboard', async () => {
    await monitor.items(speechItems('Hi'));
    const figures = monitor.locator('[data-testid="figures"]');
    await monitor.locator('[data-testid="said"] .token').nth(3).hover();
    expect(await figures.textContent()).toMatch(
      /^Token 3: " little" · id \d+ · [\d,]+ µs · rank \d+/,
    );
    await monitor.locator('.generations').focus();
    await monitor.page.keyboard.press('Tab');
    expect(await figures.textContent()).toMatch(/^Token 0: .* µs with the prompt/);
    await monitor.page.keyboard.press('ArrowRight');
    expect(await figures.textContent()).toMatch(/^Token 1: " was"/);
    await monitor.page.keyboard.press('End');
    expect(await figures.textContent()).toMatch(/^Token 27: /);
    await monitor.page.keyboard.press('Tab');
    expect(await figures.textContent()).toMatch(/^28 tokens/);
  });

  it('keeps earlier generations above, and closes interrupted ones', async () => {
    await monitor.items(speechItems('First'));
    await monitor.items(speechItems('Second', { done: false }));
    expect(await monitor.locator('.generation').count()).toBe(2);
    expect(await monitor.locator('.generation .prompt').allTextContents()).toEqual([
      'First',
      'Second',
    ]);
    await monitor.connect({ status: 'searching', board: pico, detail: 'Plug it in.' });
    await monitor.locator('.broken-off', { hasText: 'The board was disconnected.' }).waitFor();
    expect(await monitor.locator('.caret').count()).toBe(0);
  });

  it('shows when this computer agrees', async () => {
    // The host is quicker than the board.
    await monitor.locator('textarea').fill('Once');
    await monitor.locator('textarea').press('Enter');
    await monitor.tell({ kind: 'host', prompt: 1, tokens: hostTokens(), done: true });
    await monitor.items(speechItems('Once', { done: false }));
    const comparison = monitor.locator('[data-testid="comparison"]');
    expect(await comparison.textContent()).toBe('This computer, so far: 28 tokens identical.');
    await monitor.items(speechItems('Once').slice(-1));
    expect(await comparison.textContent()).toBe(
      'This computer says the same: 28 tokens identical.',
    );
  });

  it('waits for a board that does not answer, until the user stops it', async () => {
    const begin = monitor.page.getByLabel('Prompt');
    await begin.fill('Once');
    await begin.press('Enter');
    await monitor.locator('.awaited', { hasText: 'Waiting for the board' }).waitFor();
    await monitor.locator('vscode-button', { hasText: 'Stop' }).click();
    expect((await monitor.posted()).at(-1)).toEqual({ kind: 'stop' });
    await monitor.items([{ at: 0, kind: 'ended', prompt: 1 }]);
    await monitor.locator('.awaited').waitFor({ state: 'detached' });
    await monitor.locator('.prompt-box vscode-button', { hasText: 'Send' }).waitFor();
  });

  it("ignores the host's tokens for an earlier prompt", async () => {
    for (const prompt of ['One', 'Two']) {
      await monitor.page.getByLabel('Prompt').fill(prompt);
      await monitor.page.getByLabel('Prompt').press('Enter');
      await monitor.items([...speechItems(prompt), { at: 0, kind: 'ended', prompt: 1 }]);
    }
    const tokens = hostTokens().map((token) => ({ ...token, id: 999 }));
    await monitor.tell({ kind: 'host', prompt: 1, tokens, done: true });
    await monitor.tell({ kind: 'host', prompt: 2, tokens: hostTokens(), done: true });
    expect(await monitor.locator('[data-testid="comparison"]').allTextContents()).toEqual([
      'This computer says the same: 28 tokens identical.',
    ]);
    expect(await monitor.locator('.token.differs').count()).toBe(0);
  });

  it('marks the first token that differs on both sides, and describes the difference', async () => {
    await monitor.items(speechItems('Once'));
    const tokens = hostTokens().map((token) =>
      token.index < 9 ? token : { ...token, id: 999, text: ' dog' },
    );
    await monitor.tell({ kind: 'host', prompt: 1, tokens: tokens.slice(0, 12), done: false });
    await monitor.tell({ kind: 'host', prompt: 1, tokens: tokens.slice(12), done: true });
    const differing = monitor.locator('.token.differs');
    await expect.poll(() => differing.count()).toBe(2);
    expect(await differing.allTextContents()).toEqual([' loved', ' dog']);
    expect(await monitor.locator('[data-testid="comparison"]').textContent()).toMatch(
      /^Token 9: the board says " loved" \(id \d+\), this computer says " dog" \(id 999\)\./,
    );
    await monitor.tell({ kind: 'noHost', prompt: 1, why: 'No run has this model.' });
    await monitor.locator('.comparison', { hasText: 'Not compared: No run' }).waitFor();
  });
});

describe('the prompt box', () => {
  it('sends the prompt and its settings with Enter', async () => {
    const box = monitor.locator('textarea');
    await box.fill('Once');
    await box.press('Shift+Enter');
    await box.pressSequentially('upon');
    await monitor.locator('.sampling summary').click();
    await monitor.page.getByLabel('Temperature').fill('0,8');
    await monitor.page.getByLabel('Top-k').fill('40');
    await box.press('Enter');
    await expect.poll(() => box.inputValue()).toBe('');
    expect((await monitor.posted()).at(-1)).toEqual({
      kind: 'prompt',
      number: 1,
      request: { prompt: 'Once\nupon', temperature: 0.8, top_k: 40 },
      compare: true,
    });
    await monitor.page.getByLabel('Top-p').fill('2');
    await monitor.locator('.problem', { hasText: 'Top-p is a number from 0 to 1.' }).waitFor();
    await monitor.locator('button', { hasText: 'Leave all to the board' }).click();
    await monitor.locator('.problem').waitFor({ state: 'detached' });
    expect(await monitor.locator('.given').textContent()).toBe("the board's own");
  });

  it('recalls earlier prompts, also after a reload', async () => {
    const box = monitor.locator('textarea');
    for (const prompt of ['one', 'two\nlines']) {
      await box.fill(prompt);
      await box.press('Enter');
      await monitor.items(speechItems('Once'));
    }
    await monitor.load();
    await box.fill('three');
    await box.press('Home');
    const shown: string[] = [];
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
      await box.press(key);
      shown.push(await box.inputValue());
    }
    expect(shown).toEqual(['two\nlines', 'one', 'one', 'two\nlines', 'three']);
  });

  it('leaves the arrow keys to a text that wraps, except at its ends', async () => {
    const box = monitor.locator('textarea');
    const caret = () => box.evaluate((element) => (element as unknown as TextField).selectionStart);
    await box.fill('earlier');
    await box.press('Enter');
    const long = 'word '.repeat(200);
    await box.fill(long);
    let before = long.length;
    for (const key of ['ArrowUp', 'ArrowUp']) {
      await box.press(key);
      expect(await box.inputValue()).toBe(long);
      expect(await caret()).toBeLessThan(before);
      before = await caret();
      expect(before).toBeGreaterThan(0);
    }
    await box.press('ArrowDown');
    expect(await box.inputValue()).toBe(long);
    expect(await caret()).toBeGreaterThan(before);
    await box.press('Control+Home');
    await box.press('ArrowUp');
    expect(await box.inputValue()).toBe('earlier');
    await box.press('ArrowDown');
    expect(await box.inputValue()).toBe(long);
  });

  it('stops with Escape from anywhere in the view', async () => {
    await monitor.items(speechItems('Once', { done: false }));
    await monitor.locator('.generations').press('Escape');
    await monitor.locator('vscode-button', { hasText: 'Stop' }).click();
    expect((await monitor.posted()).slice(-2)).toEqual([{ kind: 'stop' }, { kind: 'stop' }]);
  });

  it('shows why the user cannot send', async () => {
    await monitor.locator('textarea').fill('x'.repeat(600));
    await monitor.locator('.problem', { hasText: /^The prompt is \d+ bytes too long/ }).waitFor();
    await monitor.locator('textarea').fill('short');
    await monitor.connect({ status: 'none', board: pico });
    await monitor.locator('.held', { hasText: 'No board is connected.' }).waitFor();
    await monitor.locator('textarea').press('Enter');
    expect(await monitor.locator('textarea').inputValue()).toBe('short');
    expect((await monitor.posted()).map(({ kind }) => kind)).toEqual(['ready']);
    // Typed text stays while another tab is shown.
    await monitor.tab('serial');
    await monitor.tab('speech');
    expect(await monitor.locator('textarea').inputValue()).toBe('short');
  });
});
