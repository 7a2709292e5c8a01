import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/commands';
import { ModelStatusItem } from '../../../src/extension/status-bar/item';
import { eventually, openFolder } from './tools';

describe('The status bar', () => {
  let status: ModelStatusItem;

  before(() => {
    status = new ModelStatusItem();
  });

  after(async () => {
    status.dispose();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('shows the cost of the active model', async () => {
    const uri = vscode.Uri.joinPath(openFolder().uri, 'model.json');
    await vscode.window.showTextDocument(uri);
    // Until it has a text of its own it has that of the extension's item, whose id it shares.
    await eventually(
      'the cost',
      () => /^\$\(circuit-board\) \d+ KB · \d+ tok\/s$/.exec(status.item.text) ?? undefined,
    );
    assert.equal(status.item.backgroundColor, undefined);
    const { command } = status.item;
    assert.ok(typeof command === 'object');
    assert.equal(command.command, commands.openForm.id);
    assert.equal(String(command.arguments?.[0]), uri.toString());
  });

  it('follows typing', async () => {
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const { document } = editor;
    const offset = document.getText().indexOf('"dim": 16') + '"dim": 16'.length;
    await editor.edit((edit) => edit.insert(document.positionAt(offset), '00'));
    await eventually('the error', () => status.item.backgroundColor);
    assert.match(status.item.text, /^\$\(circuit-board\) \d+\.\d MB/);
  });
});
