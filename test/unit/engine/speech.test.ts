import { beforeAll, describe, expect, test } from 'vitest';
import * as esbuild from 'esbuild';
import { existsSync } from 'node:fs';
import type { HostToken } from '../../../src/core/wire/monitor-messages';
import { assetPath, packageRoot } from '../../../src/node/assets';
import { WasmEngine, type GenerateOptions } from '../../../src/node/wasm/engine';
import { speakInThread } from '../../../src/node/wasm/speech';
import { goldenImage, goldenModels } from '../../golden/models';

const [model] = goldenModels;
if (!model) throw new Error('There are no golden models.');
const image = goldenImage(model);

const options: GenerateOptions = {
  prompt: Buffer.from('Once'),
  tokens: 40,
  sampling: { temperature: 1, top_k: 0, top_p: 1 },
  seed: 3,
};

// `npm test` has built it; here for a run of this file alone.
beforeAll(async () => {
  if (existsSync(assetPath('speech-worker.js'))) return;
  await esbuild.build({
    absWorkingDir: packageRoot(),
    entryPoints: ['src/node/wasm/speech-worker.ts'],
    outfile: assetPath('speech-worker.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
});

describe('a generation in a thread of its own', () => {
  test('has the tokens of the engine', async () => {
    const engine = await WasmEngine.open(image);
    const expected = [...engine.generate(options)];
    const spoken: HostToken[] = [];
    const signal = new AbortController().signal;
    await speakInThread(image, options, (tokens) => spoken.push(...tokens), signal);
    expect(spoken.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(spoken.map(({ index }) => index)).toEqual(expected.map((_, index) => index));
  });

  test('can be stopped, before it begins and while it runs', async () => {
    const stop = new AbortController();
    const speaking = speakInThread(image, options, () => undefined, stop.signal);
    stop.abort();
    await expect(speaking).rejects.toThrow('abort');
    await expect(speakInThread(image, options, () => undefined, stop.signal)).rejects.toThrow(
      'abort',
    );
  });

  test('passes on an error of the engine', async () => {
    const signal = new AbortController().signal;
    await expect(
      speakInThread(new Uint8Array(500), options, () => undefined, signal),
    ).rejects.toMatchObject({ code: 'image.invalid', exitCode: 1 });
  });
});
