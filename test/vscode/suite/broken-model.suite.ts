import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/commands';
import { taskType } from '../../../src/extension/tasks/definition';
import { eventually, openFolder, withWindow } from './tools';

/** n_kv_heads must divide n_heads. */
const broken = `{
  "version": 1,
  "architecture": {
    "vocab_size": 64, "dim": 16, "hidden_dim": 32, "n_layers": 1,
    "n_heads": 4, "n_kv_heads": 3, "max_seq_len": 32
  }
}
`;

describe('A broken model.json', () => {
  let folder: string;
  let file: string;

  before(async () => {
    folder = join(openFolder().uri.fsPath, 'broken');
    file = join(folder, 'model.json');
    await mkdir(folder);
    await writeFile(file, broken);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });

  it('is explained, opened at the offending value, and starts no task', async () => {
    const messages: string[] = [];
    const answer = async (...[message, action]: unknown[]) => {
      messages.push(String(message));
      return String(action);
    };
    const started: string[] = [];
    const subscription = vscode.tasks.onDidStartTask(({ execution }) => {
      started.push(execution.task.name);
    });
    try {
      await vscode.window.showTextDocument(vscode.Uri.file(file));
      await withWindow('showErrorMessage', answer, async () => {
        await vscode.commands.executeCommand(commands.train.id);
      });
      const selected = await eventually('the offending value', selectedText);
      assert.equal(selected, '3');
      assert.equal(messages.length, 1);
      assert.match(messages[0] ?? '', /broken\/model\.json.*n_kv_heads.*architecture\.kv-heads/s);
      assert.deepEqual(started, []);
    } finally {
      subscription.dispose();
    }
  });

  it('has no tasks', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: taskType });
    assert.ok(tasks.length > 0);
    assert.deepEqual(
      tasks.filter(({ name }) => name.includes('broken')),
      [],
    );
  });
});

/** The selection in the active editor, once there is one. */
function selectedText(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return undefined;
  return editor.document.getText(editor.selection);
}
