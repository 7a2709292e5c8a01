import { CompletionRequest, type CompletionItem } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, it } from 'vitest';
import { expectGolden } from '../support/golden';
import { Client } from './client';
import { completionLine } from './render';
import { sample, sampleUri, withCursor } from './samples';

/** Its separator has a bar, which stands for the cursor here. */
const everything = sample('all-fields').replace('<|endoftext|>', '---');

/** The sample with every field, with one piece of it replaced by another that has a cursor. */
function at(piece: string, marked: string): string {
  if (!everything.includes(piece)) throw new Error(`There is no ${piece} in the sample.`);
  return everything.replace(piece, marked);
}

/** The text with a cursor at which to complete; and the text before, if any. */
const cases: [title: string, marked: string, before?: string][] = [
  ['an empty file', '|'],
  ['the top level', '{\n  "version": 1,\n  "|"\n}\n'],
  ['a section', '{\n  "version": 1,\n  "architecture": {\n    "dim": 48,\n    |\n  }\n}\n'],
  ['a number at its start', at('"dim": 48', '"dim": |48')],
  ['a number at its end', at('"dim": 48', '"dim": 48|')],
  ['a number to come', at('"dim": 48', '"dim": |'), everything],
  ['heads', at('"n_heads": 4', '"n_heads": |4')],
  ['key and value heads', at('"n_kv_heads": 2', '"n_kv_heads": |2')],
  ['a number at its limit', at('"n_layers": 2', '"n_layers": |255')],
  ['a choice', at('"norm": "rmsnorm"', '"norm": "|rmsnorm"')],
  ['a choice to come', at('"norm": "rmsnorm"', '"norm": |'), everything],
  ['a switch', at('"gated": true', '"gated": |true')],
  ['weights', at('"weights": "sram"', '"weights": "|sram"')],
  ['a number that costs nothing', at('"batch": 6', '"batch": |6')],
  ['the version', at('"version": 1', '"version": |'), everything],
  ['a comment', at('// Every field', '// Every| field')],
];

function apply(document: TextDocument, { textEdit }: CompletionItem): string {
  if (!textEdit || !('range' in textEdit)) throw new Error('The item does not say where it goes.');
  return TextDocument.applyEdits(document, [textEdit]);
}

async function complete(marked: string, before?: string) {
  const client = await Client.inProcess();
  const uri = sampleUri('completion');
  const { text, offset } = withCursor(marked);
  await client.openText(uri, before ?? text);
  if (before !== undefined) await client.changeText(uri, { text });
  const document = client.document(uri);
  const position = document.positionAt(offset);
  const answer = await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri },
    position,
  });
  const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
  return { document, position, items };
}

it('offers fields, and values with their cost', async () => {
  const lines: string[] = [];
  for (const [title, marked, before] of cases) {
    const { document, items } = await complete(marked, before);
    const { text, offset } = withCursor(marked);
    const start = text.lastIndexOf('\n', offset - 1) + 1;
    const line = `${text.slice(start, offset)}|${text.slice(offset).split('\n')[0]}`;
    lines.push(
      `# ${title}: ${line.trim()}`,
      ...items.map((item) => completionLine(document, item)),
    );
    if (items.length === 0) lines.push('nothing');
    lines.push('');
  }
  expectGolden('server/completion.txt', lines.join('\n'));
});

it('an accepted value replaces the whole old one', async () => {
  const { document, items } = await complete(at('"dim": 48', '"dim": 4|8'));
  const half = items.find(({ label }) => label === '24');
  expect(half && apply(document, half)).toBe(everything.replace('"dim": 48', '"dim": 24'));
});

it.each(['{ "" }', '{ "arch" }', '{ "arch": 1, "" }'])(
  'offers sections in the beginning of a file: %s',
  async (text) => {
    const client = await Client.inProcess();
    const uri = sampleUri('begun');
    await client.openText(uri, text);
    const list = await client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position: { line: 0, character: text.lastIndexOf('"') },
    });
    const items = Array.isArray(list) ? list : (list?.items ?? []);
    expect(items.map(({ label }) => label)).toContain('architecture');
  },
);
