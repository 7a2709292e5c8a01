import { describe, expect, it } from 'vitest';
import { findPreset } from '../../../src/core/model/presets';
import type { ModelEntry } from '../../../src/extension/explorer/model-node';
import { contextValue, isNode, type ModelNode } from '../../../src/extension/explorer/nodes';
import type { RunEntry } from '../../../src/extension/explorer/run-node';
import { buildTree } from '../../../src/extension/explorer/tree';

const demo = JSON.stringify(findPreset('demo')?.file);

function model(fields: Partial<ModelEntry> = {}): ModelEntry {
  const path = 'a/model.json';
  return { uri: `file:///${path}`, path, fallbackName: 'a', text: demo, runs: [], ...fields };
}

function run(files: Record<string, number>, summary?: object | string): RunEntry {
  return {
    name: 'demo',
    uri: 'file:///a/runs/demo',
    summary: typeof summary === 'object' ? JSON.stringify(summary) : summary,
    files: new Map(
      Object.entries(files).map(([path, bytes]) => [path, { uri: `file:///a/${path}`, bytes }]),
    ),
  };
}

function modelNodes(...models: ModelEntry[]): ModelNode[] {
  return buildTree(models);
}

describe('the tree', () => {
  it('is empty without a model, so that the view shows what to do', () => {
    expect(buildTree([])).toEqual([]);
  });
});

describe('a model in the tree', () => {
  it('shows its cost', () => {
    const [node] = modelNodes(model());
    expect(node).toMatchObject({ label: 'demo', state: 'fits', uri: 'file:///a/model.json' });
    expect(node?.description).toMatch(/^\d+ KB · \d+ tok\/s$/);
    expect(node?.tooltip).toMatch(/^a\/model\.json: [\d,]+ of 270,336 bytes of SRAM$/);
  });

  it('shows when it is too large', () => {
    const { file } = findPreset('story-260k')!;
    const architecture = { ...file.architecture, max_seq_len: 512 };
    const text = JSON.stringify({ ...file, architecture });
    const [node] = modelNodes(model({ text }));
    expect(node?.state).toBe('over');
    expect(node?.description).toContain('too large');
  });

  it('shows its errors', () => {
    const [node] = modelNodes(model({ text: '{' }));
    expect(node).toMatchObject({ label: 'a', state: 'invalid', description: 'cannot be used' });
    expect(node?.tooltip).toMatch(/^a\/model\.json: Line 1/);
  });

  it('is distinguished from another of its name by its path', () => {
    const nodes = modelNodes(model(), model({ uri: 'file:///b', path: 'b/model.json' }));
    expect(nodes.map(({ description }) => description?.split(' · ')[0])).toEqual([
      'a/model.json',
      'b/model.json',
    ]);
  });
});

describe('a run in the tree', () => {
  const trained = { 'checkpoint.safetensors': 615_360, 'tokenizer.json': 40_000 };
  const nodeOf = (entry: RunEntry) => modelNodes(model({ runs: [entry] }))[0]?.children[0];

  it('shows the results of the training', () => {
    const summary = { steps: 2000, bits_per_byte: { float: 0.69, device: 0.7012 } };
    const node = nodeOf(run(trained, summary));
    expect(node?.description).toBe('0.701 bits/byte · 2,000 steps');
    expect(node && contextValue(node)).toBe('run.trained');
  });
  it('says of an imported run what it was', () => {
    const summary = { imported: { file: 'stories.bin', format: 'llama2.c version 0' } };
    expect(nodeOf(run(trained, summary))?.description).toBe('imported · llama2.c version 0');
  });

  it('leaves out values that were not measured', () => {
    expect(nodeOf(run(trained, { steps: 7, bits_per_byte: null }))?.description).toBe('7 steps');
  });

  it.each([
    ['no checkpoint', run({ 'tokenizer.json': 1 }, { steps: 7 })],
    ['no summary', run(trained)],
    ['a summary that is none', run(trained, 'null')],
    ['a summary cut short', run(trained, '{"steps": 1')],
  ])('is unfinished with %s', (_, entry) => {
    expect(nodeOf(entry)?.description).toBe('unfinished');
  });

  it('without a checkpoint has no firmware to offer', () => {
    const node = nodeOf(run({}));
    expect(node && contextValue(node)).toBe('run.unfinished');
  });

  it('lists the files that it has, with their sizes', () => {
    const files = nodeOf(
      run({ 'build/starmind.uf2': 700_000, ...trained, 'odd.bin': 1 }),
    )?.children;
    expect(files?.map(({ label, description }) => `${label}: ${description}`)).toEqual([
      'Checkpoint: 601 KB',
      'Tokenizer: 39 KB',
      'Firmware (UF2): 684 KB',
    ]);
  });
});

it('entries are distinguished from other arguments of commands', () => {
  expect(buildTree([model()]).every(isNode)).toBe(true);
  expect([undefined, null, 'model', { kind: 'other' }, []].some(isNode)).toBe(false);
});
