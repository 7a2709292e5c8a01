import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DocumentFormattingRequest,
  DocumentLinkRequest,
  DocumentRangeFormattingRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
} from 'vscode-languageserver/node';
import { expect, it } from 'vitest';
import { Client } from './client';
import { sample, sampleUri } from './samples';

it.each(['[', '{"a":', '[},', '{"architecture":'])(
  '100,000 times %s is a problem, and no request fails',
  async (bracket) => {
    const client = await Client.inProcess();
    const uri = sampleUri('deep');
    const text = bracket.repeat(100_000);
    expect((await client.openText(uri, text)).map(({ code }) => code)).toEqual(['json.depth']);
    const textDocument = { uri };
    const position = { line: 0, character: 150 };
    const options = { tabSize: 2, insertSpaces: true };
    const context = { diagnostics: [] };
    const { connection } = client;
    const range = { start: position, end: { line: 1, character: 0 } };
    await connection.sendRequest(CompletionRequest.type, { textDocument, position });
    await connection.sendRequest(HoverRequest.type, { textDocument, position });
    await connection.sendRequest(CodeActionRequest.type, { textDocument, range, context });
    await connection.sendRequest(CodeLensRequest.type, { textDocument });
    await connection.sendRequest(InlayHintRequest.type, { textDocument, range });
    await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
    await connection.sendRequest(FoldingRangeRequest.type, { textDocument });
    await connection.sendRequest(DocumentLinkRequest.type, { textDocument });
    await connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options });
    const formatting = { textDocument, range, options };
    await connection.sendRequest(DocumentRangeFormattingRequest.type, formatting);
    expect(await client.changeText(uri, { text: sample('all-fields') })).toEqual([]);
  },
);
