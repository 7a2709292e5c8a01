import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fineTune } from '../../../src/extension/fine-tune';
import { importCheckpoint } from '../../../src/extension/import/import-checkpoint';
import { catchUp } from '../../../src/node/run/catch-up';
import { loadModel, runFolder } from '../../../src/node/run/folder';
import { llama2cFile, randomLlama } from '../import/llama2c-file';
import { tinyVocabulary, tokenizerBin } from '../import/tiny-vocabulary';

/** Stands for the editor: dialogs give the answers in turn. */
const editor = vi.hoisted(() => ({
  file: (fsPath: string) => ({ scheme: 'file', fsPath, path: fsPath, toString: () => fsPath }),
  answers: [] as (string | undefined)[],
  asked: [] as string[],
  executed: [] as string[],
}));
vi.mock('vscode', () => ({
  Uri: {
    file: (path: string) => editor.file(path),
    parse: (text: string) => editor.file(new URL(text).pathname),
  },
  ProgressLocation: { Notification: 15 },
  RelativePattern: class {},
  Disposable: { from: () => ({}) },
  commands: {
    executeCommand: (id: string, argument: unknown) => {
      editor.executed.push(`${id} ${String(argument)}`);
      return Promise.resolve();
    },
  },
  window: {
    createOutputChannel: () => ({ warn: () => {}, error: () => {} }),
    showOpenDialog: ({ title }: { title: string }) => {
      editor.asked.push(title);
      const answer = editor.answers.shift();
      return Promise.resolve(answer === undefined ? undefined : [editor.file(answer)]);
    },
    showInformationMessage: () => Promise.resolve('Build & Flash'),
    withProgress: (_: object, body: () => Promise<unknown>) => body(),
  },
  workspace: { isTrusted: true, workspaceFolders: [], getWorkspaceFolder: () => ({}) },
}));

beforeEach(() => {
  editor.answers.length = editor.asked.length = editor.executed.length = 0;
});

/** A folder with a checkpoint, and its tokenizer under a name that nobody looks for. */
function files() {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pieces = tinyVocabulary();
  const sizes = { dim: 8, hidden_dim: 8, n_layers: 1, n_heads: 1, n_kv_heads: 1, seq_len: 16 };
  const checkpoint = join(folder, 'tiny.bin');
  const llama = randomLlama({ ...sizes, vocab_size: pieces.length, shared: true });
  writeFileSync(checkpoint, llama2cFile(llama, 1));
  const tokenizer = join(folder, 'pieces.bin');
  writeFileSync(tokenizer, tokenizerBin(pieces));
  return { folder, checkpoint, tokenizer, project: join(folder, 'project') };
}

describe('Import Checkpoint', () => {
  it('asks for what it needs and makes a project that needs no training', async () => {
    const { checkpoint, tokenizer, project } = files();
    editor.answers.push(checkpoint, project, tokenizer);
    await importCheckpoint();
    expect(editor.asked).toHaveLength(3);
    const model = join(project, 'model.json');
    const { config } = await loadModel(model);
    expect(config.name).toBe('tiny');
    const run = runFolder(join(project, 'runs', 'tiny'));
    expect(existsSync(run.checkpoint)).toBe(true);
    expect(await catchUp(run, model, config)).toEqual([]);
    const paths = [
      [model, config.tokenizer],
      [run.model, (await loadModel(run.model)).config.tokenizer],
    ] as const;
    for (const [file, named] of paths) {
      expect(resolve(dirname(file), named.type === 'file' ? named.path : '')).toBe(run.tokenizer);
    }
    await vi.waitFor(() => {
      expect(editor.executed).toEqual([`vscode.open ${model}`, `starmind.flash ${model}`]);
    });
  });

  it.each([0, 1, 2])('writes nothing when the user gives up at question %i', async (answered) => {
    const { checkpoint, tokenizer, project } = files();
    editor.answers.push(...[checkpoint, project, tokenizer].slice(0, answered));
    await importCheckpoint();
    expect(existsSync(project)).toBe(false);
    expect(editor.executed).toEqual([]);
  });
});

describe('Fine-Tune on My Text', () => {
  it('makes a project beside the run, and trains it', async () => {
    const { folder, checkpoint, tokenizer, project } = files();
    editor.answers.push(checkpoint, project, tokenizer);
    await importCheckpoint();
    await vi.waitFor(() => expect(editor.executed).toHaveLength(2));
    const text = join(folder, 'mine.txt');
    writeFileSync(text, 'the end');
    const node = {
      kind: 'run',
      name: 'tiny',
      uri: pathToFileURL(join(project, 'runs', 'tiny')).href,
    };
    for (const name of ['tiny-tuned', 'tiny-tuned-2']) {
      editor.executed.length = 0;
      editor.answers.push(text);
      await fineTune(node);
      const model = join(project, name, 'model.json');
      expect(editor.executed).toEqual([`vscode.open ${model}`, `starmind.train ${model}`]);
      expect(JSON.parse(readFileSync(model, 'utf8'))).toMatchObject({
        ...{ name, data: { source: '../../mine.txt' }, training: { from: '../runs/tiny' } },
      });
      expect((await loadModel(model)).config.architecture).toMatchObject({ dim: 8 });
    }
    editor.executed.length = 0;
    await fineTune(node);
    expect(editor.executed).toEqual([]);
  });
});
