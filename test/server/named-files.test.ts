import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocumentLinkRequest } from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { afterEach, describe, expect, it } from 'vitest';
import { Client } from './client';
import { sample } from './samples';

const demo = sample('all-fields');
const codes = (diagnostics: readonly { code?: unknown }[]) => diagnostics.map(({ code }) => code);

describe('files that a model names', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  /** A folder with the files, and the URI of the model.json in it. */
  function folderWith(files: Record<string, string>): string {
    folder = mkdtempSync(join(tmpdir(), 'starmind server-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    mkdirSync(join(folder, 'texts'));
    return URI.file(join(folder, 'model.json')).toString();
  }

  it('are found beside the model, folders and patterns too', async () => {
    const uri = folderWith({ 'all tales.txt': 'once upon a time '.repeat(10_000) });
    const client = await Client.inProcess();
    for (const source of ['all tales.txt', 'texts', '*.txt', './all tales.txt']) {
      const text = demo.replace('"starter"', JSON.stringify(source));
      if (source === 'all tales.txt') expect(await client.openText(uri, text)).toEqual([]);
      else expect(await client.changeText(uri, { text })).toEqual([]);
    }
    const links = await client.connection.sendRequest(DocumentLinkRequest.type, {
      textDocument: { uri },
    });
    expect(links?.map(({ target }) => URI.parse(target ?? '').fsPath)).toEqual([
      join(folder ?? '', 'all tales.txt'),
    ]);
  });

  it('that are too small or no tokenizers are problems of the fields that name them', async () => {
    const uri = folderWith({ 'short.txt': 'Too short.', 'broken.json': '{}' });
    const client = await Client.inProcess();
    const short = demo.replace('"starter"', '"short.txt"');
    expect(codes(await client.openText(uri, short))).toEqual(['data.small']);
    const broken = demo.replace('"type": "bpe"', '"path": "broken.json"');
    const [problem] = await client.changeText(uri, { text: broken });
    const line = broken.split('\n').findIndex((text) => text.includes('broken.json'));
    expect(problem?.range.start.line).toBe(line);
    expect(problem?.message).toMatch(/^broken\.json: /);
  });
});
