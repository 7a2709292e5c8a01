import { CodeLensRequest, InlayHintRequest } from 'vscode-languageserver/node';
import { expect, it } from 'vitest';
import { Client } from './client';
import { hintLine } from './render';
import { sample, sampleUri } from './samples';

const uri = sampleUri('typing');
const good = sample('all-fields');

async function opened(text: string): Promise<Client> {
  const client = await Client.inProcess();
  await client.openText(uri, text);
  return client;
}

async function codesAfter(client: Client, text: string): Promise<unknown[]> {
  return (await client.changeText(uri, { text })).map(({ code }) => code);
}

/** The figures above the text and in it. */
async function figures(client: Client) {
  const textDocument = { uri };
  const document = client.document(uri);
  const start = { line: 0, character: 0 };
  const range = { start, end: document.positionAt(document.getText().length) };
  const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument });
  const hints = await client.connection.sendRequest(InlayHintRequest.type, { textDocument, range });
  return {
    lenses: (lenses ?? []).map(({ command }) => command?.title),
    hints: (hints ?? []).map((hint) => hintLine(document, hint)),
  };
}

it('the figures of the last whole text stay, and new ones take their place', async () => {
  const client = await opened(good);
  const before = await figures(client);
  expect(before.hints).toHaveLength(8);

  expect(await codesAfter(client, good.replace('"dim": 48,', '"dim": '))).toContain('json.syntax');
  const open = await figures(client);
  expect(open.lenses).toEqual(before.lenses);
  // A field without a value has no place for a hint; the one above it keeps its own.
  expect(open.hints).toContain(before.hints[0]);
  expect(open.hints.join()).not.toContain('"dim"');

  // Whole JSON, but against a rule: the lens still has the last figures.
  const uneven = good.replace('"n_kv_heads": 2', '"n_kv_heads": 3');
  expect(await codesAfter(client, uneven)).toEqual(['architecture.kv-heads']);
  expect((await figures(client)).lenses).toEqual(before.lenses);

  const wide = good.replace('"dim": 48', '"dim": 96');
  expect(await codesAfter(client, wide)).toEqual([]);
  const after = await figures(client);
  expect(after).toEqual(await figures(await opened(wide)));
  expect(after.lenses).not.toEqual(before.lenses);
});

it('a file typed key by key has problems of JSON until its last bracket', async () => {
  const text = sample('sram-over').trimEnd();
  const client = await opened('');
  for (let length = 1; length <= text.length; length++) {
    const end = client.document(uri).positionAt(length - 1);
    const range = { start: end, end };
    const diagnostics = await client.changeText(uri, { range, text: text.charAt(length - 1) });
    const codes = diagnostics.map(({ code }) => code);
    if (length < text.length) expect(codes[0]).toMatch(/^json\./);
    else expect(codes).toEqual(['sram.over']);
  }
  expect(client.document(uri).getText()).toBe(text);
  expect(await figures(client)).toEqual(await figures(await opened(text)));
});
