import { describe, expect, it } from 'vitest';
import { estimateModel } from '../../../src/core/estimate/estimate';
import { withDefaults } from '../../../src/core/model/defaults';
import { goals } from '../../../src/core/search/goals';
import { parseModel } from '../../../src/core/model/parse';
import { findPreset } from '../../../src/core/model/presets';

function goal(name: string) {
  const found = goals.find((other) => other.name === name);
  if (!found) throw new Error(`No goal ${name}`);
  return found;
}

const estimateOf = (name: string) => estimateModel(withDefaults(goal(name).file(), name));

describe.each(goals)('$title', ({ file }) => {
  it('is a model.json without problems', () => {
    expect(parseModel(JSON.stringify(file())).problems).toEqual([]);
  });

  it('fits', () => {
    expect(estimateModel(withDefaults(file(), 'model')).fits).toBe(true);
  });

  it('is the same every time', () => {
    const first = file();
    expect(file()).toEqual(first);
  });
});

it('the fastest shape that tells a story is faster than the demo', () => {
  const demo = findPreset('demo')?.file;
  if (!demo) throw new Error('There is no demo preset.');
  const demoSpeed = estimateModel(withDefaults(demo, 'demo')).speed.tokens_per_second;
  expect(estimateOf('fastest-story').speed.tokens_per_second).toBeGreaterThan(demoSpeed);
});

it('the best that fits has more parameters than any preset that fits, and little room left', () => {
  const { parameters, sram } = estimateOf('best-that-fits');
  expect(parameters.total).toBeGreaterThan(153_840);
  expect(sram.free).toBeLessThan(sram.limit / 10);
});
