import { expect, test } from 'vitest';
import { eventLine } from '../../../src/core/train/events';

test('events are shown as lines', () => {
  const record = { step: 20, tokens: 1e4, loss: 2.5, lr: 0.01, grad_norm: 1, seconds: 10 };
  const lines = [
    eventLine({ kind: 'data', stage: 'read', done: 5e6, total: 1e7 }),
    eventLine({ kind: 'data', stage: 'read', done: 5e6, total: undefined }),
    eventLine({ kind: 'tokenizer', tokens: 512, tokensInText: 9000 }),
    eventLine({ kind: 'earlier-kept', folder: 'runs/story-1' }),
    eventLine({
      kind: 'metrics',
      record: { ...record, tokens_per_second: 1500, valid_loss: 2.25 },
      share: 0.25,
    }),
  ];
  expect(lines).toEqual([
    'data: read 50 %',
    'data: read 5.0 MB',
    'tokenizer: 512 tokens, 9000 in the text',
    'the earlier training is kept in runs/story-1',
    'step 20, loss 2.500, valid 2.250, 1.5K tokens/s, 30 s left',
  ]);
});
