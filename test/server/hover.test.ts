import { parseTree, type Node } from 'jsonc-parser';
import { HoverRequest } from 'vscode-languageserver/node';
import { expect, it } from 'vitest';
import { expectGolden } from '../support/golden';
import { Client } from './client';
import { hoverText } from './render';
import { sample, sampleUri } from './samples';

/** The keys of all objects, in the order of the text. */
function keys(node: Node | undefined): Node[] {
  if (node?.type === 'property')
    return [...(node.children ?? []).slice(0, 1), ...keys(node.children?.[1])];
  return (node?.children ?? []).flatMap(keys);
}

async function hovers(text: string, offsets: readonly number[]): Promise<string[]> {
  const client = await Client.inProcess();
  const uri = sampleUri('hover');
  await client.openText(uri, text);
  const document = client.document(uri);
  const answers: string[] = [];
  for (const offset of offsets) {
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: document.positionAt(offset),
    });
    answers.push(hoverText(document, hover));
  }
  return answers;
}

it('documents every field, with the cost of the sizes', async () => {
  const text = sample('all-fields');
  const found = keys(parseTree(text));
  expect(found.length).toBeGreaterThan(45);
  const answers = await hovers(
    text,
    found.map(({ offset }) => offset + 1),
  );
  expectGolden('server/hover.txt', `${answers.join('\n\n---\n')}\n`);
});

it('shows the same on a value as on its name', async () => {
  const text = sample('all-fields');
  const [name, value] = await hovers(text, [text.indexOf('"dim"'), text.indexOf('48')]);
  expect(value).toBe(name);
  expect(name).toContain('architecture.dim');
});

it('shows nothing outside fields', async () => {
  const text =
    '{ "constructor": 1, "__proto__": 2, "architecture": { "toString": 3, "x": 4 } } // 5';
  const offsets = ['constructor', '__proto__', 'toString', 'x"', '// 5'];
  expect(
    await hovers(
      text,
      offsets.map((word) => text.indexOf(word)),
    ),
  ).toEqual(offsets.map(() => 'nothing'));
});
