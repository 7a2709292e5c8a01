import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/commands';
import { taskType } from '../../../src/extension/tasks/definition';
import { eventually } from './tools';

describe('A folder with a model.json', () => {
  it('wakes the extension', async () => {
    const extension = vscode.extensions.getExtension('starmind.starmind-pico');
    assert.ok(extension, 'the extension is not installed');
    await eventually('activation', () => (extension.isActive ? true : undefined));
  });

  it('has its commands', async () => {
    const registered = await vscode.commands.getCommands(true);
    const missing = Object.values(commands).filter(({ id }) => !registered.includes(id));
    assert.deepEqual(missing, []);
  });

  it('has Train, Build and Run tasks for the model', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: taskType });
    const names = tasks.map(({ name }) => name);
    for (const expected of ['Train model.json', 'Build model.json', 'Run model.json']) {
      assert.ok(names.includes(expected), `${expected} is not among ${names.join(', ')}`);
    }
  });
});
