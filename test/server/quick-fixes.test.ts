import { CodeActionRequest, type CodeAction, type Range } from 'vscode-languageserver/node';
import { describe, expect, it } from 'vitest';
import { Client } from './client';
import { applyAction } from './render';
import { sample, samples, sampleUri } from './samples';

const uri = sampleUri('fixes');
const uneven = sample('key-value-heads');

async function opened(text: string): Promise<Client> {
  const client = await Client.inProcess();
  await client.openText(uri, text);
  return client;
}

async function fixesIn({ connection }: Client, range: Range): Promise<CodeAction[]> {
  const textDocument = { uri };
  const context = { diagnostics: [] };
  const params = { textDocument, range, context };
  return ((await connection.sendRequest(CodeActionRequest.type, params)) ?? []) as CodeAction[];
}

/** The fixes offered at a piece of the text. */
async function fixesAt(client: Client, piece: string): Promise<CodeAction[]> {
  const document = client.document(uri);
  const offset = document.getText().indexOf(piece);
  if (offset < 0) throw new Error(`There is no ${piece} in the text.`);
  const start = document.positionAt(offset);
  const end = document.positionAt(offset + piece.length);
  return fixesIn(client, { start, end });
}

async function titlesAt(client: Client, piece: string): Promise<string[]> {
  return (await fixesAt(client, piece)).map(({ title }) => title);
}

describe('the light bulb', () => {
  it('has the fixes of the problems at the cursor, and no others', async () => {
    const client = await opened(uneven.replace('"version": 1', '"version": 1, "author": "me"'));
    expect(await titlesAt(client, '"n_kv_heads": 3')).toEqual(['Set n_kv_heads to 2']);
    expect(await titlesAt(client, '"author"')).toEqual(['Remove "author"']);
    expect(await titlesAt(client, '"version"')).toEqual([]);
  });

  it('is on the underline of every problem that has a fix', async () => {
    let count = 0;
    for (const { name, text } of samples) {
      const client = await opened(text);
      const start = { line: 0, character: 0 };
      const end = client.document(uri).positionAt(text.length);
      const published = await client.diagnosticsOf(uri);
      for (const { title, diagnostics } of await fixesIn(client, { start, end })) {
        const [solved] = diagnostics ?? [];
        if (!solved) throw new Error(`${name}: ${title} does not say what it solves.`);
        // Compare with the published problem: an editor shows a fix only beside a problem that it
        // has.
        expect(published).toContainEqual(solved);
        const titles = (await fixesIn(client, solved.range)).map((fix) => fix.title);
        expect(titles, name).toContain(title);
        count++;
      }
    }
    expect(count).toBeGreaterThan(40);
  });
});

describe('the text around a fix', () => {
  it('stays as it is, whatever its line ends and comments are', async () => {
    const text = `// \u{1f600} stories\n${uneven}`.replaceAll('\n', '\r\n');
    const client = await opened(text);
    const document = client.document(uri);
    const [problem] = await client.diagnosticsOf(uri);
    expect(problem && document.getText(problem.range)).toBe('3');
    const [fix] = await fixesAt(client, '"n_kv_heads": 3');
    expect(fix && applyAction(document, fix)).toBe(
      text.replace('"n_kv_heads": 3', '"n_kv_heads": 2'),
    );
  });

  it('gives its line ends to the added text', async () => {
    const client = await opened(sample('sram-over').replaceAll('\n', '\r\n'));
    const [flash] = await fixesAt(client, '"architecture"');
    const after = flash ? applyAction(client.document(uri), flash) : '';
    expect(after).toContain('"weights": "stream"');
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });
});
