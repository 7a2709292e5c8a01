import { globSync } from 'tinyglobby';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { estimateModel } from '../../../src/core/estimate/estimate';
import { packageRoot } from '../../../src/node/assets';
import { loadRun } from '../../../src/node/run/export';
import { shippedRuns } from '../../../src/core/model/shipped-runs';
import { baseShapes, loadModel, requireRun } from '../../../src/node/run/folder';
import { namedRunPath } from '../../../src/node/run/named-run';
import { WasmEngine } from '../../../src/node/wasm/engine';

const root = packageRoot();
const models = globSync('examples/*/model.json', { cwd: root });

test.each(models)('%s has no problem, and fits the chip', async (file) => {
  const { config, warnings } = await loadModel(join(root, file));
  expect(warnings).toEqual([]);
  expect(estimateModel(config).fits).toBe(true);
});

test.each(shippedRuns)(
  '%s is in the package, with the shape that its name stands for',
  async (name) => {
    const run = requireRun(namedRunPath('.', name));
    const { config } = await loadModel(run.model);
    expect(config.architecture).toEqual(baseShapes('.')(name));
  },
);

test('the trained example tells of one girl, by one name', async () => {
  const run = requireRun(join(root, 'examples', 'best-story', 'trained'));
  const { config, image } = await loadRun(run);
  const engine = await WasmEngine.open(image);
  const prompt = Buffer.from('Once upon a time');
  const sampling = { ...config.target.sampling, temperature: 0.6 };
  const decoder = new TextDecoder();
  let text = '';
  for (const { bytes } of engine.generate({ prompt, tokens: 200, sampling, seed: 1 })) {
    text += decoder.decode(bytes, { stream: true });
  }
  expect(text).toMatch(/^, there was a little girl named Lily\. She loved to play outside/);
  expect(text.match(/Lily/g)?.length).toBeGreaterThan(3);
  // In device arithmetic the text is the same everywhere.
  expect(text).toContain('Mom gave Lily a big hug');
});
