import { CodeActionRequest, type CodeAction, type Diagnostic } from 'vscode-languageserver/node';
import { expect, it } from 'vitest';
import { expectGolden } from '../support/golden';
import { Client } from './client';
import { actionLines, applyAction, diagnosticLine } from './render';
import { samples, sampleUri } from './samples';

/** All fixes of an open document. */
async function fixesOf(client: Client, uri: string): Promise<CodeAction[]> {
  const document = client.document(uri);
  const all = { start: { line: 0, character: 0 }, end: { line: document.lineCount, character: 0 } };
  const actions = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: all,
    context: { diagnostics: [] },
  });
  return (actions ?? []) as CodeAction[];
}

it.each(samples)(
  '$name: problems, fixes, and the problems left after each',
  async ({ name, text }) => {
    const client = await Client.inProcess();
    const uri = sampleUri(name);
    const diagnostics = await client.openText(uri, text);
    const document = client.document(uri);
    const lines = diagnostics.map((diagnostic) => diagnosticLine(document, diagnostic));
    if (diagnostics.length === 0) lines.push('no problems');
    for (const action of await fixesOf(client, uri)) {
      const [solved] = action.diagnostics ?? [];
      const left = await client.changeText(uri, { text: applyAction(document, action) });
      // Compare numbers only: the rest of a problem may have another message.
      const alike = (found: Diagnostic[]) =>
        found.filter(({ code }) => code === solved?.code).length;
      expect(alike(left), `${action.title} solves nothing`).toBeLessThan(alike(diagnostics));
      const codes = left.map(({ code }) => code).join(', ') || 'nothing';
      lines.push(
        '',
        ...actionLines(document, action),
        `    solves ${solved?.code}, leaves ${codes}`,
      );
    }
    expectGolden(`server/problems/${name}.txt`, `${lines.join('\n')}\n`);
  },
);
