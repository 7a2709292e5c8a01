import { expect, it } from 'vitest';
import { assessModel } from '../../../src/core/estimate/assess';
import { presets } from '../../../src/core/model/presets';
import { costOf } from '../../../src/server/features/costs';

const model = assessModel(JSON.stringify(presets[0]?.file));

it('states the cost of a model with another value', () => {
  expect(costOf(model, 'architecture.dim', 32)).toMatch(/^[\d,]+ B SRAM, [\d.]+ tok\/s$/);
});

it.each([
  ['architecture.dim', {}],
  ['architecture.dim', null],
  ['architecture.dim', 0],
  ['architecture.dim.deeper', 8],
  ['target.clock_mhz', {}],
  ['target.clock_mhz', null],
])('says nothing of %s %j, which no model can have', (path, value) => {
  expect(costOf(model, path, value)).toBeUndefined();
});
