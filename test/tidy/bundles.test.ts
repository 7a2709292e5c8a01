import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/node/assets';

/** Highest size of each bundle in kilobytes: a tenth above the present one. */
const budgets: Record<string, number> = {
  'cli.js': 770,
  'train-worker.js': 2,
  'board-worker.js': 404,
  'speech-worker.js': 6,
  'extension.js': 502,
  'language-client.js': 718,
  'server.js': 758,
  'webview/model-editor.js': 410,
  'webview/model-editor.css': 11,
  'webview/monitor.js': 321,
  'webview/monitor.css': 15,
  'webview/speed.js': 272,
  'webview/speed.css': 5,
  'webview/training.js': 290,
  'webview/training.css': 6,
  'webview/virtual-pico.js': 218,
  'webview/virtual-pico.css': 7,
};

it.each(Object.entries(budgets))('dist/%s keeps to its %i KB', (bundle, kilobytes) => {
  const { size } = statSync(join(packageRoot(), 'dist', bundle));
  expect(size / 1024).toBeLessThanOrEqual(kilobytes);
  // Far below, the budget would let it grow unseen.
  expect(size / 1024).toBeGreaterThan(kilobytes / 2);
});
