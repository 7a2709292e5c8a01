import { describe, expect, it } from 'vitest';
import { chip } from '../../../src/core/estimate/chip';
import { estimateModel, totalOf } from '../../../src/core/estimate/estimate';
import { fittingChanges } from '../../../src/core/estimate/fitting';
import { sramParts } from '../../../src/core/estimate/estimate';
import { withDefaults, type ModelFile } from '../../../src/core/model/defaults';
import { findPreset } from '../../../src/core/model/presets';

function presetConfig(name: string, shape: Partial<ModelFile['architecture']> = {}) {
  const file = findPreset(name)?.file;
  if (!file) throw new Error(`No preset ${name}`);
  return withDefaults({ ...file, architecture: { ...file.architecture, ...shape } }, name);
}

describe('an estimate', () => {
  it('counts the parameters of stories260K', () => {
    expect(estimateModel(presetConfig('story-260k')).parameters.total).toBe(260_032);
  });

  it('adds up', () => {
    const { sram, flash, parameters } = estimateModel(presetConfig('demo'));
    expect(totalOf(sram.parts)).toBe(sram.total);
    expect(sram.total + sram.free).toBe(chip.sramBytes);
    expect(totalOf(flash.parts)).toBe(flash.total);
    const { total, ...parts } = parameters;
    expect(totalOf(parts)).toBe(total);
  });

  it('of the demo preset fits', () => {
    expect(estimateModel(presetConfig('demo')).fits).toBe(true);
  });

  it('slows down as the context fills', () => {
    const short = estimateModel(presetConfig('demo', { max_seq_len: 32 })).speed;
    const long = estimateModel(presetConfig('demo', { max_seq_len: 256 })).speed;
    expect(long.cycles_per_token).toBeGreaterThan(short.cycles_per_token);
  });

  it('warns that weights in flash are slower than it says', () => {
    const config = presetConfig('demo');
    const { fits, problems } = estimateModel({
      ...config,
      target: { ...config.target, weights: 'flash' },
    });
    expect(fits).toBe(true);
    expect(problems).toMatchObject([{ code: 'speed.flash', severity: 'warning' }]);
  });

  it('grows with every size of the shape', () => {
    const base = presetConfig('rp2040-speed');
    const total = estimateModel(base).sram.total;
    for (const field of ['vocab_size', 'dim', 'hidden_dim', 'n_layers', 'max_seq_len'] as const) {
      const architecture = { ...base.architecture, [field]: 2 * base.architecture[field] };
      expect(estimateModel({ ...base, architecture }).sram.total).toBeGreaterThan(total);
    }
  });
});

describe('a model over budget', () => {
  const config = presetConfig('story-260k');

  it('says so with what would fit', () => {
    const { fits, problems } = estimateModel(config);
    expect(fits).toBe(false);
    expect(problems[0]).toMatchObject({ code: 'sram.over', severity: 'error' });
    expect(problems[0]?.fix).toContain('target.weights sram -> flash');
  });

  it('is offered only changes that fit, each as small as can be', () => {
    const sramTotal = (changed: typeof config) => totalOf(sramParts(changed));
    const changes = fittingChanges(config, sramTotal);
    expect(changes.length).toBeGreaterThan(0);
    for (const change of changes)
      expect(estimateModel(change.config).sram.free).toBeGreaterThanOrEqual(0);
    const layers = changes.find(({ path }) => path === 'n_layers')?.config.architecture;
    if (layers) {
      const more = { ...config, architecture: { ...layers, n_layers: layers.n_layers + 1 } };
      expect(sramTotal(more)).toBeGreaterThan(chip.sramBytes);
    }
  });
});
