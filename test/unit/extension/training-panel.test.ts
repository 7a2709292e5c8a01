import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Memento, Uri, WebviewPanel } from 'vscode';
import type { FromTrainingPage, ToTrainingPage } from '../../../src/core/train/page-messages';
import { TrainingPanel } from '../../../src/extension/training/panel';
import { metricsPath } from '../../../src/node/train/metrics';
import { nothingKnown, received } from '../../../webview/training/state';

const editor = vi.hoisted(() => {
  class Disposable {
    static from = (...owned: { dispose: () => void }[]) =>
      new Disposable(() => owned.forEach((each) => each.dispose()));
    constructor(readonly dispose: () => void) {}
  }
  return {
    Disposable,
    Uri: {},
    window: { createOutputChannel: () => ({}) },
    workspace: {},
    commands: {},
    EventEmitter: class {},
  };
});
vi.mock('vscode', () => editor);

/** The page, as the panel that holds it connects it. */
const page = vi.hoisted(() => ({ connect: (_: unknown): unknown => undefined }));
vi.mock('../../../src/extension/single-panel', () => ({
  SinglePanel: class {
    open = () => {};
    dispose = () => {};
    constructor(_: unknown, { connect }: { connect: (panel: unknown) => unknown }) {
      page.connect = connect;
    }
  },
}));

const line = (step: number) =>
  `${JSON.stringify({
    ...{ step, tokens: 1, loss: 1, lr: 1, grad_norm: 1, tokens_per_second: 1, seconds: 1 },
  })}\n`;

test('the page goes on drawing the shown run when it is trained again', async () => {
  const project = await mkdtemp(join(tmpdir(), 'starmind-panel-'));
  onTestFinished(() => rm(project, { recursive: true }));
  const run = join(project, 'runs', 'story');
  await mkdir(run, { recursive: true });
  await writeFile(metricsPath(run), line(9) + line(10));

  let kept: unknown;
  const memory = {
    get: () => kept,
    update: (_: string, value: unknown) => Promise.resolve((kept = value)),
  } as unknown as Memento;
  const panel = new TrainingPanel({} as Uri, memory);
  onTestFinished(() => panel.dispose());
  const shown = { model: join(project, 'model.json'), run: 'story' };
  await panel.watch(shown);

  let state = nothingKnown;
  let say = (_: FromTrainingPage): void => {};
  const webview = {
    onDidReceiveMessage: (hear: typeof say) => ((say = hear), new editor.Disposable(() => {})),
    postMessage: (message: ToTrainingPage) => {
      state = received(state, message);
    },
  };
  page.connect({ webview } as unknown as WebviewPanel);
  const steps = () => state.courses.get('story')?.records.map(({ step }) => step);
  say({ kind: 'ready' });
  say({ kind: 'draw', runs: ['story'] });
  await expect.poll(steps).toEqual([9, 10]);

  // The page says nothing at a new training: it draws the same runs of the same project.
  await writeFile(metricsPath(run), line(1));
  await panel.watch(shown);
  await expect.poll(steps).toEqual([1]);
  await writeFile(metricsPath(run), line(1) + line(2));
  await expect.poll(steps).toEqual([1, 2]);
});
