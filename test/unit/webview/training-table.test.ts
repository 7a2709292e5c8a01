import { expect, test } from 'vitest';
import { tableOf } from '../../../webview/training/table';

test('records become comma-separated values, and what was not measured stays empty', () => {
  const common = {
    tokens: 80,
    seconds: 1.5,
    loss: 2.25,
    lr: 0.001,
    grad_norm: 1,
    tokens_per_second: 53,
  };
  const table = tableOf([
    { step: 1, ...common },
    { step: 2, ...common, valid_loss: 2.5, valid_loss_device: 2.75 },
  ]);
  expect(table.split('\n')).toEqual([
    'step,tokens,seconds,loss,valid_loss,valid_loss_device,lr,grad_norm,tokens_per_second',
    '1,80,1.5,2.25,,,0.001,1,53',
    '2,80,1.5,2.25,2.5,2.75,0.001,1,53',
    '',
  ]);
});
