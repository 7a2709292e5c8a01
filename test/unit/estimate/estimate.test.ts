import { describe, expect, it } from 'vitest';
import { chip } from '../../../src/core/chip';
import { estimateModel, sramParts, totalOf } from '../../../src/core/estimate/estimate';
import { assessModel } from '../../../src/core/estimate/assess';
import { factorCosts, factors, figuresOf } from '../../../src/core/estimate/factors';
import { fittingChanges } from '../../../src/core/estimate/fitting';
import {
  bytesGrowingWith,
  memoryMap,
  type MemoryItem,
} from '../../../src/core/estimate/memory-map';
import { planImage, sectionBytes } from '../../../src/core/export/layout';
import { withDefaults, type ModelFile } from '../../../src/core/model/defaults';
import { editText } from '../../../src/core/model/edit';
import { explicitFile, reconfigure } from '../../../src/core/model/reconfigure';
import { describeEstimate } from '../../../src/cli/commands/estimate';
import { setting } from '../../../src/core/problem';
import { grouped } from '../../../src/core/text';
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

  it('counts the flash that no model can use', () => {
    const { flash } = estimateModel(presetConfig('demo'));
    expect(flash.parts.program + flash.parts.reserved).toBe(chip.modelFlashOffset);
    expect(flash.total).toBe(chip.modelFlashOffset + flash.parts.model);
  });

  it('is told by the command line with the parts of both memories', () => {
    const estimate = estimateModel(presetConfig('demo'));
    const lines = describeEstimate(estimate).split('\n');
    const flash = lines.slice(lines.findIndex((line) => line.startsWith('Flash')));
    const { program, reserved, model } = estimate.flash.parts;
    expect(flash.slice(1, 4).map((line) => line.trim().split(/\s+/))).toEqual(
      Object.entries({ program, reserved, model }).map(([part, bytes]) => [part, grouped(bytes)]),
    );
    expect(lines.map((line) => line.trim().split(/\s+/))).toContainEqual([
      'weights',
      grouped(estimate.sram.parts.weights),
    ]);
  });

  it('of a model that fits SRAM and not the flash does not fit, in every short form as well', () => {
    const file: ModelFile = {
      version: 1,
      architecture: { ...presetConfig('demo').architecture, vocab_size: 16_384, dim: 128 },
      target: { weights: 'flash' },
    };
    const config = withDefaults(file, 'large');
    const { sram, flash, fits } = estimateModel(config);
    expect(sram.total).toBeLessThan(chip.sramBytes);
    expect(flash.total).toBeGreaterThan(flash.limit);
    expect(fits).toBe(false);
    expect(figuresOf(config).fits).toBe(false);
    const smaller = withDefaults(
      { ...file, architecture: { ...file.architecture, vocab_size: 8192 } },
      'smaller',
    );
    const vocabulary = factorCosts(explicitFile(smaller), smaller).find(
      ({ factor }) => factor === 'vocab_size',
    );
    expect(vocabulary?.doubled?.figures.fits).toBe(false);
    expect(vocabulary?.halved?.figures.fits).toBe(true);
  });

  it('is slower with LayerNorm, which also computes the mean', () => {
    const cycles = (norm: 'rmsnorm' | 'layernorm') =>
      estimateModel(presetConfig('demo', { norm })).speed.parts.norms ?? 0;
    expect(cycles('layernorm')).toBeGreaterThan(cycles('rmsnorm'));
    // LayerNorm has only gains, as RMSNorm has: the memory is the same.
    const { sram } = estimateModel(presetConfig('demo', { norm: 'layernorm' }));
    expect(sram.total).toBe(estimateModel(presetConfig('demo')).sram.total);
  });

  it('of the demo preset fits', () => {
    expect(estimateModel(presetConfig('demo')).fits).toBe(true);
  });

  it('slows down as the context fills', () => {
    const short = estimateModel(presetConfig('demo', { max_seq_len: 32 })).speed;
    const long = estimateModel(presetConfig('demo', { max_seq_len: 256 })).speed;
    expect(long.cycles_per_token).toBeGreaterThan(short.cycles_per_token);
  });

  it('warns that weights in flash are waited for, unless its cache holds them', () => {
    const inFlash = (name: string) => {
      const config = presetConfig(name);
      return estimateModel({ ...config, target: { ...config.target, weights: 'flash' } });
    };
    const { fits, problems } = inFlash('demo');
    expect(fits).toBe(true);
    expect(problems).toMatchObject([{ code: 'speed.flash', severity: 'warning' }]);
    expect(inFlash('maximum-speed').problems).toEqual([]);
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
  const config = presetConfig('story-260k', { max_seq_len: 512 });

  it('is reported with changes that would fit', () => {
    const { fits, problems } = estimateModel(config);
    expect(fits).toBe(false);
    expect(problems[0]).toMatchObject({ code: 'sram.over', severity: 'error' });
    expect(problems[0]?.fix).toContain('weights sram -> stream');
  });

  it('is offered only changes that fit, each as small as can be', () => {
    const file = explicitFile(config);
    const sramTotal = (changed: typeof config) => totalOf(sramParts(changed));
    const fits = (changed: typeof config) => sramTotal(changed) <= chip.sramBytes;
    const fixes = fittingChanges(file, config, sramTotal, fits);
    expect(fixes.length).toBeGreaterThanOrEqual(3);
    for (const { changes } of fixes) {
      const changed = reconfigure(file, config.name, changes);
      expect(changed && estimateModel(changed).sram.free).toBeGreaterThanOrEqual(0);
    }
    const layers = fixes.find(({ title }) => title.startsWith('n_layers'))?.changes[0];
    const value = layers && 'value' in layers ? Number(layers.value) : 0;
    const more = reconfigure(file, config.name, [setting('architecture.n_layers', value + 1)]);
    expect(more && sramTotal(more)).toBeGreaterThan(chip.sramBytes);
  });

  it('has fixes that rely on absent fields to follow', () => {
    const text = `{"version": 1, "architecture": {"vocab_size": 4096, "dim": 96, "hidden_dim": 256,
      "n_layers": 3, "n_heads": 4, "max_seq_len": 128}}`;
    const over = assessModel(text).problems.find(({ code }) => code === 'sram.over');
    expect(over?.fixes?.length).toBeGreaterThan(2);
    for (const { changes, title } of over?.fixes ?? []) {
      const fixed = assessModel(editText(text, changes));
      expect(fixed.estimate?.fits, title).toBe(true);
    }
  });

  it('however large, is offered a narrower shape', () => {
    const large = presetConfig('demo', { dim: 2048, hidden_dim: 8192, n_layers: 6 });
    const fixes = estimateModel(large).problems[0]?.fixes ?? [];
    expect(fixes.some(({ title }) => /^dim 2048 -> \d+, hidden_dim 8192 -> /.test(title))).toBe(
      true,
    );
  });

  it('with the largest possible numbers needs few estimates', () => {
    const largest = presetConfig('demo', {
      ...{ vocab_size: 65_535, dim: 4096, hidden_dim: 16_384, n_layers: 255 },
      ...{ n_heads: 1024, n_kv_heads: 1024, head_dim: 31, max_seq_len: 32_767 },
    });
    let asked = 0;
    const sramTotal = (changed: typeof config) => {
      asked++;
      return totalOf(sramParts(changed));
    };
    const fits = (changed: typeof config) => sramTotal(changed) <= chip.sramBytes;
    fittingChanges(explicitFile(largest), largest, sramTotal, fits);
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(150);
  });
});

describe('a model over both budgets', () => {
  it('is offered only changes that fit both', () => {
    const text = `{"version": 1, "architecture": {"vocab_size": 2048, "dim": 256, "hidden_dim": 640,
      "n_layers": 3, "n_heads": 4, "max_seq_len": 64}}`;
    const { problems } = assessModel(text);
    expect(problems.map(({ code }) => code)).toEqual(['sram.over', 'flash.over']);
    const fixes = problems.flatMap((problem) => problem.fixes ?? []);
    expect(fixes.length).toBeGreaterThan(0);
    for (const { changes, title } of fixes) {
      expect(assessModel(editText(text, changes)).estimate?.fits, title).toBe(true);
    }
  });
});

describe('an image over the flash', () => {
  it('is offered changes with which it fits, tokenizer and all', () => {
    const text = `{"version": 1, "architecture": {"vocab_size": 16384, "dim": 128, "hidden_dim": 128,
      "n_layers": 2, "n_heads": 4, "max_seq_len": 64}, "target": {"weights": "flash"}}`;
    for (const tokenizerBytes of [undefined, 900_000]) {
      const { problems } = assessModel(text, 'model', tokenizerBytes);
      const over = problems.find(({ code }) => code === 'flash.over');
      expect(over?.fixes?.length).toBeGreaterThan(1);
      for (const { changes, title } of over?.fixes ?? []) {
        const fixed = assessModel(editText(text, changes), 'model', tokenizerBytes);
        expect(
          fixed.problems.map(({ code }) => code),
          title,
        ).toEqual(['speed.flash']);
      }
    }
  });
});

describe('the memory map', () => {
  const flash = {
    ...presetConfig('demo'),
    target: { ...presetConfig('demo').target, weights: 'flash' as const },
  };
  const untied = presetConfig('demo', { tie_embeddings: false, position: 'learned' });
  const padded = presetConfig('demo', { dim: 30, hidden_dim: 33, position: 'learned' });
  const oneCore = {
    ...presetConfig('demo'),
    target: { ...presetConfig('demo').target, cores: 1 as const },
  };
  const bytesOf = (items: readonly MemoryItem[], wanted: MemoryItem['owner']) =>
    items.find(({ owner }) => owner === wanted)?.bytes;

  it('prices the padding of rows and columns to whole tiles', () => {
    const even = presetConfig('demo', { dim: 32, hidden_dim: 40, position: 'learned' });
    // Rows of 30 need 32 bytes: the embedding, and in both layers q, k and v.
    const rows = 2048 + 2 * (4 * 16 + 2 * 2 * 16);
    // Gate and up have 33 rows and need 40 of 32 bytes; the scales of 33 rows end on whole words.
    const hidden = 2 * 2 * (40 * 32 - 33 * 30 + 2);
    // Down has 30 rows of 33 bytes and needs 32 of 36; output 30 of 64 and 32.
    const down = 2 * (32 * 36 - 30 * 33);
    const output = 2 * 2 * 64;
    expect(bytesOf(memoryMap(padded).sram, 'padding')).toBe(2 * rows + hidden + down + output);
    expect(bytesOf(memoryMap(even).sram, 'padding')).toBeUndefined();
  });

  it('keeps a stack for the second core where it computes', () => {
    expect(bytesOf(memoryMap(presetConfig('demo')).sram, 'second_stack')).toBe(4096);
    expect(bytesOf(memoryMap(oneCore).sram, 'second_stack')).toBeUndefined();
    expect(bytesOf(memoryMap(oneCore).sram, 'reserved_bank')).toBe(4096);
    // No other data can lie in that bank, so that one core leaves a model no more room than two.
    const two = estimateModel(presetConfig('demo')).sram.total;
    expect(estimateModel(oneCore).sram.total).toBe(two);
  });

  it('reckons with a second core where it computes', () => {
    const [two, one] = [presetConfig('demo'), oneCore].map((each) => estimateModel(each).speed);
    expect([two?.cores, one?.cores]).toEqual([2, 1]);
    for (const part of ['matrices', 'attention', 'feed_forward'] as const) {
      expect(two?.parts[part], part).toBeLessThan(0.65 * (one?.parts[part] ?? 0));
    }
  });

  it.each([
    ['demo', presetConfig('demo')],
    ['story-260k', presetConfig('story-260k')],
    ['rp2040-quality', presetConfig('rp2040-quality')],
    ['weights in flash', flash],
    ['untied, learned positions', untied],
    ['rows that are padded', padded],
    ['one core', oneCore],
  ])('of %s adds up to the estimate', (_, shape) => {
    const { sram, flash: inFlash } = estimateModel(shape);
    const map = memoryMap(shape);
    const sum = (items: typeof map.sram) => items.reduce((total, { bytes }) => total + bytes, 0);
    expect(sum(map.sram)).toBe(sram.total);
    expect(sum(map.flash)).toBe(inFlash.total);
    expect(planImage(shape, 1000).weightsBytes).toBe(sectionBytes(shape, 'weights'));
  });

  it('names the items that grow with a size', () => {
    for (const field of ['vocab_size', 'dim', 'hidden_dim', 'n_layers', 'max_seq_len'] as const) {
      const before = bytesGrowingWith(memoryMap(presetConfig('demo')).sram, field);
      const doubled = { [field]: 2 * presetConfig('demo').architecture[field] };
      const after = memoryMap(presetConfig('demo', doubled)).sram;
      expect(bytesGrowingWith(after, field)).toBeGreaterThan(before);
    }
  });
});

describe('the factors', () => {
  it('are not priced beyond the limits of the schema', () => {
    const limits = presetConfig('demo', { n_layers: 255, max_seq_len: 2 });
    const costs = factorCosts(explicitFile(limits), limits);
    const cost = (name: string) => costs.find(({ factor }) => factor === name);
    expect(cost('n_layers')?.doubled).toBeUndefined();
    expect(cost('max_seq_len')?.halved).toBeUndefined();
    expect(cost('max_seq_len')?.doubled?.value).toBe(4);
  });

  it('are priced as the changed file would be', () => {
    const config = presetConfig('demo');
    const costs = factorCosts(explicitFile(config), config);
    expect(costs.map(({ factor }) => factor)).toEqual([...factors]);
    const dim = costs[0];
    expect(dim?.doubled?.value).toBe(96);
    const doubled = presetConfig('demo', { dim: 96 });
    expect(dim?.doubled?.figures).toEqual(figuresOf(doubled));
    expect(dim?.doubled?.figures.sram).toBe(estimateModel(doubled).sram.total);
    expect(dim?.halved?.figures.tokens_per_second).toBeGreaterThan(
      dim?.doubled?.figures.tokens_per_second ?? Infinity,
    );
  });

  it('have no step that breaks a rule, and change dependent sizes', () => {
    const config = presetConfig('demo', { n_heads: 2, n_kv_heads: 2, n_layers: 1 });
    const costs = factorCosts(explicitFile(config), config);
    const cost = (wanted: string) => costs.find(({ factor }) => factor === wanted);
    expect(cost('n_heads')?.halved?.changes).toEqual([
      setting('architecture.n_heads', 1),
      setting('architecture.n_kv_heads', 1),
    ]);
    expect(cost('n_layers')?.halved).toBeUndefined();
  });
});
