import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/commands';
import type { Node } from '../../../src/extension/explorer/nodes';
import { StarmindTree } from '../../../src/extension/explorer/provider';
import { viewId } from '../../../src/extension/explorer/view-id';
import { watchModels } from '../../../src/extension/explorer/watch';
import { eventually, openFolder, withWindow } from './tools';

describe('The Starmind view', () => {
  const tree = new StarmindTree();
  const oldRun = () => join(openFolder().uri.fsPath, 'runs', 'old');

  after(() => tree.dispose());

  it('opens', async () => {
    await vscode.commands.executeCommand(`${viewId}.focus`);
  });

  it('has the model of the folder', async () => {
    const [tiny] = await tree.getChildren();
    assert.equal(tiny?.label, 'tiny');
    assert.match(tiny?.description ?? '', /^\d+ KB · \d+ tok\/s$/);
  });

  it('has the run that the training has made, with its files', async () => {
    const run = await findRun(tree, 'tiny');
    assert.match(run?.description ?? '', /20 steps$/);
    const files = (await tree.getChildren(run)).map(labelOf);
    for (const expected of ['Checkpoint', 'Tokenizer', 'Device image']) {
      assert.ok(files.includes(expected), `${expected} is not among ${files.join(', ')}`);
    }
  });

  it('has items that VS Code can show', async () => {
    const run = await findRun(tree, 'tiny');
    assert.ok(run);
    const item = tree.getTreeItem(run);
    assert.equal(item.contextValue, 'run.trained');
    assert.equal(item.collapsibleState, vscode.TreeItemCollapsibleState.Collapsed);
  });

  it('shows new runs', async () => {
    let heard = 0;
    const watcher = watchModels(() => heard++);
    try {
      // The watcher begins a moment after it is made: write until it reports a change.
      await eventually('the change', async () => {
        await mkdir(oldRun(), { recursive: true });
        await writeFile(join(oldRun(), 'model.json'), '{}');
        return heard > 0 ? true : undefined;
      });
    } finally {
      watcher.dispose();
    }
    assert.equal((await findRun(tree, 'old'))?.description, 'unfinished');
  });

  it('keeps a run when the user cancels the deletion', async () => {
    await withWindow(
      'showWarningMessage',
      async () => undefined,
      async () => {
        await vscode.commands.executeCommand(commands.deleteRun.id, await findRun(tree, 'old'));
      },
    );
    assert.ok(existsSync(oldRun()));
  });

  it('deletes a run', async () => {
    const questions: string[] = [];
    const agree = async (...[question, , action]: unknown[]) => {
      questions.push(String(question));
      return action;
    };
    await withWindow('showWarningMessage', agree, async () => {
      await vscode.commands.executeCommand(commands.deleteRun.id, await findRun(tree, 'old'));
    });
    assert.match(questions[0] ?? '', /runs\/old/);
    assert.ok(!existsSync(oldRun()));
    assert.equal(await findRun(tree, 'old'), undefined);
  });

  after(() => rm(oldRun(), { recursive: true, force: true }));
});

function labelOf({ label }: Node): string {
  return label;
}

/** A run of the first model. */
async function findRun(tree: StarmindTree, name: string): Promise<Node | undefined> {
  const [model] = await tree.getChildren();
  return (await tree.getChildren(model)).find(({ label }) => label === name);
}
