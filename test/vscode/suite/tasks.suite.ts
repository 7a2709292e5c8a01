import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/commands';
import { taskType } from '../../../src/extension/tasks/definition';
import { needsToolchain, nextTaskEnd, openFolder, withWindow } from './tools';

describe('The tasks', () => {
  const inRun = (name: string) => join(openFolder().uri.fsPath, 'runs', 'tiny', name);

  it('train: leaves a checkpoint', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: taskType });
    const task = tasks.find(({ definition }) => definition.command === 'train');
    assert.ok(task);
    const end = nextTaskEnd();
    await vscode.tasks.executeTask(task);
    assert.equal(await end, 0);
    assert.ok(existsSync(inRun('checkpoint.safetensors')));
  });

  it('build: leaves the firmware', async function () {
    await needsToolchain(this);
    const end = nextTaskEnd();
    await vscode.commands.executeCommand(commands.build.id);
    assert.equal(await end, 0);
    assert.ok(existsSync(inRun('build')));
  });

  it('run: generates on the virtual Pico', async function () {
    await needsToolchain(this);
    const end = nextTaskEnd();
    await withWindow(
      'showInputBox',
      async () => 'Once there was a star',
      async () => {
        await vscode.commands.executeCommand(commands.run.id);
      },
    );
    assert.equal(await end, 0);
  });

  it('run as tasks.json defines it', async function () {
    await needsToolchain(this);
    const end = nextTaskEnd();
    await vscode.commands.executeCommand('workbench.action.tasks.runTask', 'Speak of the sea');
    assert.equal(await end, 0);
  });
});
