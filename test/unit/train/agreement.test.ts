import { describe, expect, test } from 'vitest';
import type { Quantization } from '../../../src/core/model/config';
import { withDefaults } from '../../../src/core/model/defaults';
import { starterStory } from '../../../src/core/starter/story';
import { trainTokenizer } from '../../../src/core/tokenizer/learn';
import { Tokenizer } from '../../../src/core/tokenizer/tokenizer';
import { batchSampler } from '../../../src/core/train/batches';
import { initialWeights } from '../../../src/core/train/initialise';
import type { Arithmetic } from '../../../src/core/model/formats';
import { learningRate } from '../../../src/core/train/schedule';
import { planWindows } from '../../../src/core/train/windows';
import { finish } from '../../../src/core/turns';
import { deviceNats } from '../../../src/node/run/device-loss';
import { exportImage } from '../../../src/node/run/export';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import { WasmEngine } from '../../../src/node/wasm/engine';

/**
 * Trains a small model, the second half of its steps in the arithmetic of the device, and compares
 * the loss of the trainer's quantised pass with that of the engine on the same windows.
 */
const config = withDefaults(
  {
    version: 1,
    architecture: {
      ...{ vocab_size: 256, dim: 32, hidden_dim: 64, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
      max_seq_len: 64,
    },
    training: { batch: 8, steps: 400, learning_rate: 0.01 },
  },
  'agreement',
);
const { architecture, training } = config;

/** Largest difference, as a share of the loss; half a percent is what users are promised. */
const tolerated = 1e-3;

const stories = Array.from({ length: 400 }, (_, index) => Buffer.from(starterStory(4, index)));
const tokenizer = trainTokenizer('bpe', architecture.vocab_size, stories).value!;
const encoder = new Tokenizer(tokenizer);
const held = finish(encoder.encodeDocuments(stories.splice(0, 12)));
const sampler = batchSampler(finish(encoder.encodeDocuments(stories)), tokenizer.eosId, training);
const windows = planWindows(held, tokenizer.eosId, architecture.max_seq_len);

async function train(kernels: WasmKernels): Promise<void> {
  await kernels.writeParameters(initialWeights(architecture, 1));
  const count = training.steps ?? 0;
  for (let step = 0; step < count; step++) {
    const arithmetic: Arithmetic = step < count / 2 ? 'float' : 'device';
    const rate = learningRate(training, (step + 0.5) / count);
    const tokens = sampler.tokensOfStep(step);
    await kernels.runSteps([{ number: step + 1, learningRate: rate, arithmetic, tokens }]);
  }
}

const formats: Pick<Quantization, 'weights' | 'kv_cache'>[] = [
  { weights: 'int8', kv_cache: 'int8' },
  { weights: 'int8', kv_cache: 'int4' },
  { weights: 'int4', kv_cache: 'int4' },
  { weights: 'ternary', kv_cache: 'int8' },
];

describe('the trainer in device arithmetic has the loss of the engine', () => {
  test.each(formats)('weights $weights, cache $kv_cache', async (format) => {
    const quantization = { ...config.quantization, ...format };
    const { batch, context, optimizer } = training;
    const kernels = await WasmKernels.create({
      ...{ architecture, quantization, batch, context, optimizer, threads: 2, gradientClip: 1 },
    });
    try {
      await train(kernels);
      const nats = (await kernels.evaluate(windows, 'device')).reduce((sum, each) => sum + each, 0);
      const image = exportImage(
        { ...config, quantization },
        await kernels.readParameters(),
        tokenizer,
      );
      const engine = await deviceNats(
        await WasmEngine.open(image),
        architecture.vocab_size,
        windows,
      );
      // A model that has learnt nothing would agree too.
      expect(nats / held.length).toBeLessThan(0.7 * Math.log(architecture.vocab_size));
      expect(Math.abs(nats / engine - 1)).toBeLessThan(tolerated);
    } finally {
      await kernels.dispose();
    }
  });
});
