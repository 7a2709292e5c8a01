import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { deleteRun } from '../../../src/extension/explorer/delete-run';
import { runFolder } from '../../../src/node/run/folder';
import { whileTraining } from '../../../src/node/run/run-owner';

/** Stands for the editor, whose user agrees to everything. */
const editor = vi.hoisted(() => ({
  Uri: { parse: (text: string) => ({ scheme: 'file', fsPath: new URL(text).pathname }) },
  window: { showWarningMessage: vi.fn(async (...[, , action]: unknown[]) => action) },
  workspace: { fs: { delete: vi.fn(async () => {}) } },
}));
vi.mock('vscode', () => editor);

test('a run that is being trained is not deleted', async () => {
  const path = await mkdtemp(join(tmpdir(), 'starmind-run-'));
  onTestFinished(() => rm(path, { recursive: true }));
  const node = { kind: 'run', name: 'story', uri: pathToFileURL(path).href };
  await whileTraining(runFolder(path), async () => {
    await expect(deleteRun(node)).rejects.toMatchObject({ code: 'run.busy' });
  });
  expect(editor.window.showWarningMessage).not.toHaveBeenCalled();

  // Another begins while the user is asked.
  let ended = Promise.resolve();
  let end = (): void => {};
  editor.window.showWarningMessage.mockImplementationOnce(async (...[, , action]) => {
    const training = new Promise<void>((resolve) => (end = resolve));
    await new Promise<void>((begun) => {
      ended = whileTraining(runFolder(path), () => (begun(), training));
    });
    return action;
  });
  await expect(deleteRun(node)).rejects.toMatchObject({ code: 'run.busy' });
  expect(editor.workspace.fs.delete).not.toHaveBeenCalled();
  expect(existsSync(path)).toBe(true);
  end();
  await ended;

  await deleteRun(node);
  expect(editor.workspace.fs.delete).toHaveBeenCalledOnce();
});
