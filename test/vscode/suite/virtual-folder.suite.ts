import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/commands';
import { modelEditorViewType } from '../../../src/extension/editor/view-type';
import { modelLanguage } from '../../../src/extension/model-language';
import { eventually, withWindow } from './tools';

const scheme = 'starmind-test';
const uri = vscode.Uri.parse(`${scheme}:/story/model.json`);
const model = `{
  "version": 1,
  "architecture": {
    "vocab_size": 512,
    "dim": 64,
    "hidden_dim": 172,
    "n_layers": 5,
    "n_heads": 8,
    "n_kv_heads": 3,
    "max_seq_len": 512
  }
}
`;

/** A file system with one file, which is on no disk. */
class OneFile implements vscode.FileSystemProvider {
  private content: Uint8Array = new TextEncoder().encode(model);
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  stat({ path }: vscode.Uri): vscode.FileStat {
    if (path !== uri.path) throw vscode.FileSystemError.FileNotFound(path);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.content.length };
  }
  readFile(): Uint8Array {
    return this.content;
  }
  writeFile(_: vscode.Uri, content: Uint8Array): void {
    this.content = content;
  }
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }
  createDirectory(): void {}
  delete(): void {}
  rename(): void {}
}

describe('A model in a virtual folder', () => {
  let provider: vscode.Disposable;

  before(() => {
    provider = vscode.workspace.registerFileSystemProvider(scheme, new OneFile());
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    provider.dispose();
  });

  it('has its language, and problems with fixes', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, modelLanguage);
    await vscode.window.showTextDocument(document);
    const problem = await eventually('a problem', () =>
      vscode.languages.getDiagnostics(uri).find(({ code }) => code === 'architecture.kv-heads'),
    );
    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      problem.range,
    );
    const [edit] = fixes.flatMap((fix) => (fix.edit ? [fix.edit] : []));
    assert.ok(edit);
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /"n_kv_heads": 2/);
  });

  it('has its form', async () => {
    await vscode.commands.executeCommand('vscode.openWith', uri, modelEditorViewType);
    await eventually('the form', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom ? input : undefined;
    });
  });

  it('is not trained, and the reason is shown', async () => {
    const messages: unknown[] = [];
    await withWindow(
      'showErrorMessage',
      (message) => messages.push(message),
      async () => {
        await vscode.commands.executeCommand(commands.train.id, uri);
      },
    );
    assert.equal(messages.length, 1);
    assert.match(String(messages[0]), /workspace\.virtual/);
  });
});
