import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DocumentLinkRequest,
  InlayHintRequest,
} from 'vscode-languageserver/node';
import { describe, expect, it } from 'vitest';
import { assessModel } from '../../src/core/estimate/assess';
import { grouped } from '../../src/core/text';
import { Client } from './client';
import { sample, sampleUri } from './samples';

const demo = sample('all-fields');
const codes = (diagnostics: readonly { code?: unknown }[]) => diagnostics.map(({ code }) => code);
const sramOf = (text: string) => grouped(assessModel(text).estimate?.sram.total ?? NaN);
const everything = {
  start: { line: 0, character: 0 },
  end: { line: 1_000_000, character: 0 },
};

/** Titles of the lenses and labels of the hints. */
async function shown({ connection }: Client, uri: string) {
  const textDocument = { uri };
  const lenses = await connection.sendRequest(CodeLensRequest.type, { textDocument });
  const range = everything;
  const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument, range });
  return {
    lenses: (lenses ?? []).map(({ command }) => command?.title ?? ''),
    hints: (hints ?? []).map(({ label }) => label),
  };
}

describe('open documents', () => {
  it('do not affect each other', async () => {
    const client = await Client.inProcess();
    const good = sampleUri('good');
    const over = sampleUri('over');
    expect(await client.openText(good, demo)).toEqual([]);
    const before = await shown(client, good);
    expect(codes(await client.openText(over, sample('sram-over')))).toEqual(['sram.over']);
    await client.changeText(over, { text: '{' });
    expect(await client.diagnosticsOf(good)).toEqual([]);
    expect((await shown(client, good)).lenses[2]).toContain(`${sramOf(demo)} of 270,336 B`);
    expect((await shown(client, over)).lenses[2]).toContain(
      `${sramOf(sample('sram-over'))} of 270,336 B`,
    );
    await client.closeText(over);
    expect(await shown(client, good)).toEqual(before);
  });

  it('need not have been saved as files yet', async () => {
    const client = await Client.inProcess();
    const uri = 'untitled:Untitled-1';
    const textDocument = { uri };
    const text = demo.replace('"starter"', '"no-such-file.txt"');
    expect(await client.openText(uri, text)).toEqual([]);
    expect((await shown(client, uri)).hints).toHaveLength(8);
    const links = await client.connection.sendRequest(DocumentLinkRequest.type, { textDocument });
    expect(links).toEqual([]);
    // Neither the text nor a folder names this one.
    const nameless = text.replace('"name": "everything",', '');
    expect(await client.changeText(uri, { text: nameless })).toEqual([]);
    expect(codes(await client.changeText(uri, { text: '' }))).toEqual(['json.empty']);
  });

  it('take their problems with them when they are closed, and leave no state behind', async () => {
    const client = await Client.inProcess();
    const uri = sampleUri('closed');
    expect(await client.openText(uri, sample('context-shorter'))).toHaveLength(1);
    expect((await shown(client, uri)).lenses[2]).toContain('tok/s');
    await client.closeText(uri);
    expect(await client.diagnosticsAfterClosing(uri)).toEqual([]);
    expect(await shown(client, uri)).toEqual({ lenses: [], hints: [] });
    // The same name again, with a text that cannot be read.
    await client.openText(uri, '{');
    const { lenses, hints } = await shown(client, uri);
    expect(lenses).toHaveLength(3);
    expect(lenses.join()).not.toContain('tok/s');
    expect(hints).toEqual([]);
  });
});

describe("another program's model.json", () => {
  const foreign = '{ "format": "layers-model", "modelTopology": {}, "weightsManifest": [] }\n';
  const uri = sampleUri('foreign');

  it('is left alone', async () => {
    const client = await Client.inProcess();
    expect(await client.openText(uri, foreign)).toEqual([]);
    expect(await shown(client, uri)).toEqual({ lenses: [], hints: [] });
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: everything,
      context: { diagnostics: [] },
    });
    expect(actions ?? []).toEqual([]);
  });

  it('becomes ours with a section of ours, and foreign again without', async () => {
    const client = await Client.inProcess();
    await client.openText(uri, foreign);
    const text = foreign.replace('"modelTopology"', '"architecture"');
    expect(codes(await client.changeText(uri, { text }))).toContain('field.missing');
    expect((await shown(client, uri)).lenses).toHaveLength(3);
    expect(await client.changeText(uri, { text: foreign })).toEqual([]);
    expect((await shown(client, uri)).lenses).toEqual([]);
  });

  it.each(['{ "" }', '{ "arch" }', '{ "arch": 1, "" }'])(
    'is not the beginning of a model of ours: %s',
    async (text) => {
      const client = await Client.inProcess();
      await client.openText(uri, text);
      const list = await client.connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position: { line: 0, character: text.lastIndexOf('"') },
      });
      const items = Array.isArray(list) ? list : (list?.items ?? []);
      expect(items.map(({ label }) => label)).toContain('architecture');
    },
  );
});
