import type * as jsonc from 'jsonc-parser';
import { expect, test, vi } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { presets } from '../../../src/core/model/presets';
import { dataLinks } from '../../../src/server/features/data-links';
import { diagnosticsOf } from '../../../src/server/features/diagnostics';
import { FileProblems } from '../../../src/server/features/file-problems';
import { hoverAt } from '../../../src/server/features/hover';
import { inlayHints } from '../../../src/server/features/inlay-hints';
import { ModelDocuments } from '../../../src/server/model-documents';

const parses = vi.hoisted(() => ({ count: 0 }));

vi.mock('jsonc-parser', async (importOriginal) => {
  const original = await importOriginal<typeof jsonc>();
  const parseTree: typeof original.parseTree = (...given) => {
    parses.count++;
    return original.parseTree(...given);
  };
  return { ...original, parseTree };
});

test('a model.json is parsed once a version, whatever is requested', () => {
  const models = new ModelDocuments();
  const files = new FileProblems();
  const text = JSON.stringify(presets[0]?.file, null, 2);
  const document = TextDocument.create('file:///starmind/model.json', 'starmind-model', 1, text);
  const ask = () => {
    const { now } = models.of(document);
    const { root } = now;
    diagnosticsOf(document, root, [...now.problems, ...files.of(document, now)]);
    const whole = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };
    expect(inlayHints(document, whole, root, now).length).toBeGreaterThan(0);
    expect(hoverAt(document, text.indexOf('dim'), root, now)).toBeDefined();
    dataLinks(document, root);
  };
  ask();
  ask();
  expect(parses.count).toBe(1);
  TextDocument.update(document, [{ text: text.replace('"dim": ', '"dim": 1') }], 2);
  ask();
  expect(parses.count).toBe(2);
});
