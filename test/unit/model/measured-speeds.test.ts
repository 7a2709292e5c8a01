import { describe, expect, it } from 'vitest';
import { estimateModel } from '../../../src/core/estimate/estimate';
import { withDefaults } from '../../../src/core/model/defaults';
import { goals } from '../../../src/core/search/goals';
import { measuredSpeed } from '../../../src/core/model/measured-speeds';
import { presets } from '../../../src/core/model/presets';

const models = [...presets, ...goals.map(({ name, file }) => ({ name, file: file() }))].map(
  ({ name, file }) => ({ name, estimate: estimateModel(withDefaults(file, name)) }),
);

describe('measured speeds', () => {
  it.each(models)(
    'of $name are there when it fits, and near the estimate',
    ({ name, estimate }) => {
      const measured = measuredSpeed(name);
      if (!estimate.fits) return expect(measured).toBeUndefined();
      // The cycle model was fitted to other shapes; the smallest is off by a twentieth.
      expect(Math.abs((measured ?? 0) / estimate.speed.tokens_per_second - 1)).toBeLessThan(0.1);
    },
  );
});
