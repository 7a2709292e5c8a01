import { expect, it } from 'vitest';
import { withDefaults } from '../../../src/core/model/defaults';
import { presets } from '../../../src/core/model/presets';
import { configValue } from '../../../src/core/model/reconfigure';

it('finds the values of a configuration, and no inherited ones', () => {
  const [preset] = presets;
  if (!preset) throw new Error('There is no preset.');
  const config = withDefaults(preset.file, preset.name);
  expect(configValue(config, 'architecture.dim')).toBe(preset.file.architecture.dim);
  expect(configValue(config, 'target.sampling.top_k')).toBe(0);
  for (const path of ['architecture.constructor.length', 'name.length', 'toString', 'a.b', '']) {
    expect(configValue(config, path), path).toBeUndefined();
  }
});
