/**
 * `node test/bench/run.mjs editor`: the costs of the model editor, as one JSON object: the estimate
 * itself, the time from a keystroke in the text to the painted bar in the real workbench, the
 * activation of the extension, and the sizes of the bundles.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { assessModel } from '../../src/core/estimate/assess';
import { presets } from '../../src/core/model/presets';
import { packageRoot } from '../../src/node/assets';
import { Workbench } from '../ui/workbench';

interface Times {
  p50: number;
  p95: number;
  most: number;
}

function summary(milliseconds: readonly number[]): Times {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  const round = (value: number) => Number(value.toFixed(2));
  return { p50: round(at(0.5)), p95: round(at(0.95)), most: round(at(1)) };
}

/** Reading and estimating the text of every preset, over budget ones included, in milliseconds. */
function estimates(): Times {
  const texts = presets.map(({ file }) => JSON.stringify(file, null, 2));
  const times: number[] = [];
  for (let round = 0; round < 200; round++) {
    for (const text of texts) {
      // A digit changes at every keystroke.
      const typed = text.replace(/"dim": (\d+)/, (_, dim) => `"dim": ${Number(dim) + (round % 7)}`);
      const start = performance.now();
      assessModel(typed);
      times.push(performance.now() - start);
    }
  }
  return summary(times);
}

/** Keeps the times of keystrokes in a page, and of the frames in which they are seen in the text. */
const watchKeys = `
  globalThis.starmindTimes = [];
  addEventListener('keydown', (event) => {
    starmindTimes.push(performance.timeOrigin + event.timeStamp);
    requestAnimationFrame(() => {
      setTimeout(() => starmindTimes.push(performance.timeOrigin + performance.now()));
    });
  }, { capture: true });
`;

/** Keeps the times at which a new total was painted, in the form. */
const watchBar = `
  globalThis.starmindTimes = [];
  new MutationObserver(() => {
    // What is asked for within a frame's callback runs once that frame is painted.
    requestAnimationFrame(() => {
      setTimeout(() => starmindTimes.push(performance.timeOrigin + performance.now()));
    });
  }).observe(document.querySelector('.header .memory-bar'), {
    attributes: true,
    attributeFilter: ['data-total'],
  });
`;

const takeTimes = 'globalThis.starmindTimes.splice(0)';

interface Keystrokes {
  /** VS Code's own time to paint the character. */
  text: Times;
  bar: Times;
}

async function keystrokes(workbench: Workbench): Promise<Keystrokes> {
  const { page } = workbench;
  await workbench.form.locator('.header .memory-bar').waitFor();
  const form = await workbench.formFrame();
  await form.evaluate(watchBar);
  await page.evaluate(watchKeys);
  await workbench.cursorBehind('"hidden_dim": 128');
  await page.evaluate(takeTimes);
  const bar: number[] = [];
  const text: number[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press(i % 2 === 0 ? 'Backspace' : '8');
    await page.waitForTimeout(300);
    const [pressed, written] = (await page.evaluate(takeTimes)) as number[];
    const [painted] = (await form.evaluate(takeTimes)) as number[];
    if (pressed === undefined || written === undefined || painted === undefined) {
      throw new Error('The bar did not follow a keystroke.');
    }
    bar.push(painted - pressed);
    text.push(written - pressed);
  }
  return { text: summary(text), bar: summary(bar) };
}

/** Milliseconds to load and to activate the extension, as VS Code reports them. */
async function activation(workbench: Workbench): Promise<string> {
  await workbench.command('Developer: Show Running Extensions');
  const row = workbench.page.locator('.runtime-extensions-editor .extension', {
    hasText: 'Starmind',
  });
  await row.first().waitFor();
  return row.first().locator('.activation-time').innerText();
}

async function measure(): Promise<void> {
  const demo = presets.find(({ name }) => name === 'demo')?.file;
  const workbench = await Workbench.open({
    files: { 'model.json': `${JSON.stringify(demo, null, 2)}\n` },
    settings: { 'editor.inlayHints.enabled': 'off' },
  });
  try {
    await workbench.openFile('model.json');
    const keystroke_to_paint_ms = await keystrokes(workbench);
    const bundles = ['extension.js', 'server.js', 'webview/model-editor.js', 'cli.js'];
    const result = {
      estimate_ms: estimates(),
      keystroke_to_paint_ms,
      activation: await activation(workbench),
      bundle_bytes: Object.fromEntries(
        bundles.map((name) => [name, statSync(join(packageRoot(), 'dist', name)).size]),
      ),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    await workbench.close();
  }
}

measure().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
