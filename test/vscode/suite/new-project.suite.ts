import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ModelFile } from '../../../src/core/model/defaults';
import { goals } from '../../../src/core/search/goals';
import { commands } from '../../../src/extension/commands';
import { activeModelUri } from '../../../src/extension/active-model';
import {
  NewProject,
  openingKey,
  trainAndHear,
} from '../../../src/extension/new-project/new-project';
import { TaskFactory } from '../../../src/extension/tasks/create';
import { answeredPicks, goBack } from './quick-picks';
import { eventually, openFolder, withWindow, withWindows } from './tools';

describe('A new project', () => {
  let folder: string;

  before(async () => {
    folder = join(openFolder().uri.fsPath, 'new');
    await mkdir(folder);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });

  it('asks step by step, writes the files and opens them', async () => {
    const picks = answeredPicks([
      'Fastest that tells a story',
      goBack,
      'Best that fits',
      'Starter stories',
    ]);
    // The first folder has a model already.
    const folders = [openFolder().uri, vscode.Uri.file(folder)];
    const messages: string[] = [];
    await withWindows(
      {
        createQuickPick: picks.create,
        showOpenDialog: async () => [folders.shift()],
        showErrorMessage: async (...[message, , action]) => {
          messages.push(String(message));
          return action;
        },
        showInformationMessage: async (message) => {
          messages.push(String(message));
          return 'Later';
        },
      },
      async () => {
        await vscode.commands.executeCommand(commands.new.id);
        await eventually('the last question', () => messages[1]);
      },
    );
    assert.deepEqual(
      picks.shown.map(({ step }) => step),
      [1, 2, 1, 2],
    );
    assert.ok(picks.shown[0]?.labels.includes('demo'), 'there are no presets');
    assert.match(messages[0] ?? '', /model\.json exists already/);
    assert.match(messages[1] ?? '', /Train it now/);

    const file = join(folder, 'model.json');
    const best = goals.find(({ name }) => name === 'best-that-fits')?.file();
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), {
      ...best,
      data: { source: 'starter' },
    });
    const active = await eventually('the editor', activeModelUri);
    assert.equal(active.fsPath, file);
  });

  it('stops when the user gives up', async () => {
    const picks = answeredPicks(['demo']);
    await withWindows(
      { createQuickPick: picks.create, showOpenDialog: () => assert.fail('asked for a folder') },
      async () => {
        await vscode.commands.executeCommand(commands.new.id);
      },
    );
    assert.equal(picks.shown.length, 2);
  });

  it('elsewhere offers to open its folder', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'starmind-new-'));
    const messages: string[] = [];
    try {
      await withWindows(
        {
          createQuickPick: answeredPicks(['demo', 'TinyStories']).create,
          showOpenDialog: async () => [vscode.Uri.file(elsewhere)],
          showInformationMessage: async (message) => {
            messages.push(String(message));
          },
        },
        async () => {
          await vscode.commands.executeCommand(commands.new.id);
          await eventually('the offer', () => messages[0]);
        },
      );
      assert.match(messages[0] ?? '', /not open here/);
      const model = JSON.parse(await readFile(join(elsewhere, 'model.json'), 'utf8')) as ModelFile;
      assert.equal(model.data?.source, 'tinystories');
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  it('continues once its folder is open', async () => {
    const model = vscode.Uri.file(join(folder, 'model.json'));
    const kept = new Map<string, unknown>([[openingKey, model.toString()]]);
    const memory = {
      keys: () => [...kept.keys()],
      get: (key: string) => kept.get(key),
      update: async (key: string, value: unknown) => {
        kept.set(key, value);
      },
    } as vscode.Memento;
    const newProject = new NewProject(factory(), memory, () => Promise.resolve());
    const messages: string[] = [];
    const answer = async (message: unknown) => {
      messages.push(String(message));
      return 'Later';
    };
    try {
      await withWindow('showInformationMessage', answer, async () => {
        await newProject.resume();
        await newProject.resume();
      });
      assert.equal(messages.length, 1, 'asked more than once');
      assert.match(messages[0] ?? '', /Train it now/);
    } finally {
      newProject.dispose();
    }
  });

  it('trains, then runs the model', async () => {
    const model = vscode.Uri.joinPath(openFolder().uri, 'model.json');
    assert.deepEqual(await endsOf(model), ['Train model.json: 0', 'heard']);
  });

  it('does not run the model when the training has failed', async () => {
    const file = join(folder, 'model.json');
    const model = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...model, data: { source: './no-such-text.txt' } }));
    assert.deepEqual(await endsOf(vscode.Uri.file(file)), ['Train new/model.json: 1']);
  });
});

function factory(): TaskFactory {
  const extension = vscode.extensions.getExtension('starmind.starmind-pico');
  assert.ok(extension);
  return new TaskFactory(join(extension.extensionPath, 'dist', 'cli.js'));
}

/** Name and exit code of the training of a model, and whether `hear` was called then. */
async function endsOf(model: vscode.Uri): Promise<string[]> {
  const ends: string[] = [];
  const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
    ends.push(`${execution.task.name}: ${exitCode}`);
  });
  try {
    await trainAndHear(factory(), model, () => {
      ends.push('heard');
      return Promise.resolve();
    });
    return ends;
  } finally {
    subscription.dispose();
  }
}
