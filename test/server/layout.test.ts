import {
  CodeLensRequest,
  DocumentFormattingRequest,
  DocumentLinkRequest,
  DocumentRangeFormattingRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  InlayHintRequest,
  type DocumentSymbol,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, it } from 'vitest';
import { expectGolden } from '../support/golden';
import { Client } from './client';
import { foldingLine, hintLine, lensLine, linkLine, symbolLines } from './render';
import { sample, sampleUri } from './samples';

const options = { tabSize: 2, insertSpaces: true };

async function open(name: string) {
  const client = await Client.inProcess();
  const uri = sampleUri(name);
  await client.openText(uri, sample(name));
  return { client, document: client.document(uri), textDocument: { uri } };
}

it.each(['all-fields', 'sram-over', 'weights-in-flash', 'json-comma'])(
  '%s: hints beside the sizes, and a line above them',
  async (name) => {
    const { client, document, textDocument } = await open(name);
    const range = {
      start: { line: 0, character: 0 },
      end: { line: document.lineCount, character: 0 },
    };
    const hints = await client.connection.sendRequest(InlayHintRequest.type, {
      textDocument,
      range,
    });
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument });
    const lines = [
      ...(lenses ?? []).map(lensLine),
      ...(hints ?? []).map((hint) => hintLine(document, hint)),
    ];
    expectGolden(`server/hints/${name}.txt`, `${lines.join('\n')}\n`);
  },
);

it('gives the hints of the visible lines, and no others', async () => {
  const { client, textDocument } = await open('all-fields');
  const line = sample('all-fields')
    .split('\n')
    .findIndex((text) => text.includes('"dim"'));
  const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
  const hints = await client.connection.sendRequest(InlayHintRequest.type, { textDocument, range });
  expect(hints?.map(({ position }) => position.line)).toEqual([line]);
});

it('outlines and folds the file', async () => {
  const { client, textDocument } = await open('all-fields');
  const symbols = await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
  const folds = await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument });
  const lines = [
    ...(symbols as DocumentSymbol[]).flatMap((symbol) => symbolLines(symbol)),
    '',
    ...(folds ?? []).map(foldingLine),
  ];
  expectGolden('server/outline.txt', `${lines.join('\n')}\n`);
});

it('links the files that a model names', async () => {
  const { client, document, textDocument } = await open('missing-files');
  const links = await client.connection.sendRequest(DocumentLinkRequest.type, { textDocument });
  const lines = (links ?? []).map((link) => linkLine(document, link));
  expectGolden('server/links.txt', `${lines.join('\n')}\n`);
});

describe('formatting', () => {
  const untidy =
    '{"version":1, // the format\n"architecture":{"vocab_size":1024,"dim":48,\n\n  "hidden_dim":128,"n_layers":2,' +
    '"n_heads":4,"max_seq_len":128},}';

  async function opened(text: string) {
    const client = await Client.inProcess();
    const uri = sampleUri('untidy');
    await client.openText(uri, text);
    return { client, uri };
  }

  it('lays the whole file out', async () => {
    const { client, uri } = await opened(untidy);
    const edits = await client.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri },
      options,
    });
    const tidy = TextDocument.applyEdits(client.document(uri), edits ?? []);
    expectGolden('server/formatted.json', tidy);
    await client.changeText(uri, { text: tidy });
    const again = await client.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri },
      options,
    });
    expect(TextDocument.applyEdits(client.document(uri), again ?? [])).toBe(tidy);
  });

  it('lays out only the requested lines', async () => {
    const { client, uri } = await opened('{\n  "version":1,\n  "name":"a"\n}\n');
    const edits = await client.connection.sendRequest(DocumentRangeFormattingRequest.type, {
      textDocument: { uri },
      range: { start: { line: 2, character: 0 }, end: { line: 2, character: 10 } },
      options,
    });
    const after = TextDocument.applyEdits(client.document(uri), edits ?? []);
    expect(after).toBe('{\n  "version":1,\n  "name": "a"\n}\n');
  });
});
