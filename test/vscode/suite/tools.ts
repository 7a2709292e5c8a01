import assert from 'node:assert/strict';
import type { Context } from 'mocha';
import * as vscode from 'vscode';
import { findTools } from '../../../src/node/toolchain/tools';

/** The folder that the suite's VS Code has open: a copy of the fixture. */
export function openFolder(): vscode.WorkspaceFolder {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return folder;
}

/** Skips the running test with the reason in its title. */
export function skip(context: Context, reason: string): never {
  if (context.test) context.test.title += ` (skipped: ${reason})`;
  return context.skip();
}

/** Resolves to the exit code of the next task whose process ends. */
export function nextTaskEnd(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => {
      subscription.dispose();
      resolve(exitCode);
    });
  });
}

type WindowFunction =
  | 'createQuickPick'
  | 'showErrorMessage'
  | 'showInformationMessage'
  | 'showInputBox'
  | 'showOpenDialog'
  | 'showWarningMessage';

/**
 * Replaces a function of vscode.window for the time of `body`: the test answers a dialog, since
 * there is no user.
 */
export async function withWindow<T>(
  name: WindowFunction,
  answer: (...given: unknown[]) => unknown,
  body: () => Promise<T>,
): Promise<T> {
  const window = vscode.window as unknown as Record<WindowFunction, unknown>;
  const original = window[name];
  window[name] = answer;
  try {
    return await body();
  } finally {
    window[name] = original;
  }
}

/** `withWindow` for several dialogs. */
export function withWindows<T>(
  answers: Partial<Record<WindowFunction, (...given: unknown[]) => unknown>>,
  body: () => Promise<T>,
): Promise<T> {
  return Object.entries(answers).reduce(
    (inner, [name, answer]) =>
      () =>
        withWindow(name as WindowFunction, answer, inner),
    body,
  )();
}

/** Skips the test where the firmware cannot be built. */
export async function needsToolchain(context: Context): Promise<void> {
  const missing = (await findTools()).filter(({ found }) => !found).map(({ name }) => name);
  if (missing.length > 0) skip(context, `no ${missing.join(', ')} here`);
}

/** Waits until `check` returns a value. */
export async function eventually<T>(
  what: string,
  check: () => T | undefined | Promise<T | undefined>,
  patience = 15_000,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await check();
    if (value !== undefined) return value;
    assert.ok(Date.now() < deadline, `${what}: not within ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
