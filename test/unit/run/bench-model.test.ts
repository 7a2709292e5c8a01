import { expect, it } from 'vitest';
import { withDefaults } from '../../../src/core/model/defaults';
import { benchModel } from '../../../src/node/run/bench-model';

it('refuses a model that is too large before anything is built', async () => {
  const large = withDefaults(
    {
      version: 1,
      architecture: {
        ...{ vocab_size: 2048, dim: 256, hidden_dim: 512, n_layers: 4, n_heads: 8 },
        max_seq_len: 64,
      },
    },
    'large',
  );
  const told: string[] = [];
  const onProgress = (line: string) => void told.push(line);
  await expect(benchModel(large, { onProgress })).rejects.toMatchObject({
    code: 'model.too-large',
    exitCode: 1,
  });
  expect(told).toEqual([]);
});
