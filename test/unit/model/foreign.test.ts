import { describe, expect, it } from 'vitest';
import { assessModel } from '../../../src/core/estimate/assess';
import { isForeignText } from '../../../src/core/model/foreign';
import { deepest, tooDeepAt } from '../../../src/core/model/json-tree';
import { editText } from '../../../src/core/model/edit';

describe('another program', () => {
  it.each([
    '{ "modelTopology": {}, "weightsManifest": [] }',
    '{ "name": "net", "layers": [] }',
    '{ "format": "layers-model", }',
    '{ "$schema": "https://json.schemastore.org/package.json", "layers": [] }',
  ])('owns %s', (text) => expect(isForeignText(text)).toBe(true));

  it.each([
    '',
    '{}',
    '[]',
    '3',
    '{ "name": "demo" }',
    '{ "$schema": "starmind-pico/model.schema.json" }',
    '{ "arch" }',
    '{ "layers": [1, }',
    '{ "version": 1, "archi": {} }',
    '{ "architecture": {}, "layers": [] }',
    '{ "architecture": { "dim": ',
  ])('does not own %s', (text) => expect(isForeignText(text)).toBe(false));
});

describe('nesting', () => {
  it('is read as deep as it makes sense', () => {
    expect(tooDeepAt('['.repeat(deepest))).toBeUndefined();
    expect(tooDeepAt(` ${'['.repeat(deepest + 1)}`)).toBe(deepest + 1);
    expect(tooDeepAt(`"${'['.repeat(deepest + 1)}" // ${'{'.repeat(deepest + 1)}`)).toBeUndefined();
    expect(tooDeepAt('[]'.repeat(1000))).toBeUndefined();
  });

  it.each(['[', '{"a":', '[},', '{"a":],"b":'])(
    'of 100,000 times %s is a problem, not a crash',
    (bracket) => {
      const text = bracket.repeat(100_000);
      const { problems } = assessModel(text);
      expect(problems.map(({ code }) => code)).toEqual(['json.depth']);
      expect(editText(text, [{ path: ['architecture', 'dim'], value: 8 }])).toBe(text);
    },
  );
});
