import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { estimateModel } from '../../core/estimate/estimate';
import { buildRun } from '../../node/run/build-run';
import { StarmindError } from '../../node/starmind-error';
import { replaceFile } from '../../node/files';
import { loadModel, runFolder } from '../../node/run/folder';
import { trainModel } from '../../node/run/train-run';
import { ensureToolchain } from '../../node/toolchain/ensure';
import type { CommandContext } from '../context';
import { describeBuild } from './build';
import { describeEstimate } from './estimate';
import { namedPreset } from '../named-preset';
import { generate } from './generate';
import { runOnBoard } from './run';
import { tellEvents, tellSummary } from './train';

/** The request to the demo's model. */
const request = { prompt: 'Once upon a time', tokens: 240, seed: 7, temperature: 0.5 };

/**
 * `starmind demo`: the whole way on the built-in corpus. Without a toolchain it still trains the
 * model, and generates on this computer.
 */
export async function demo(context: CommandContext, options: { out: string }): Promise<void> {
  const { output, signal } = context;
  const started = performance.now();
  const step = (text: string) => output.text(`\n${pc.bold(`== ${text}`)}`);
  const folder = resolve(options.out);
  const modelFile = join(folder, 'model.json');

  step('Tools');
  const buildable = await hasToolchain(context);

  step('Model');
  await mkdir(folder, { recursive: true });
  if (!existsSync(modelFile)) {
    await replaceFile(modelFile, `${JSON.stringify(namedPreset('storyteller').file, null, 2)}\n`);
  }
  output.text(modelFile);
  const loaded = await loadModel(modelFile);
  output.text(describeEstimate(estimateModel(loaded.config)));

  step('Training on the starter stories');
  const run = runFolder(join(folder, 'run'));
  // A repeated demo replaces its model: the user has not asked to keep the one before.
  const summary = await trainModel(modelFile, loaded, run, {
    earlier: 'replace',
    signal,
    onEvent: tellEvents(output),
  });
  tellSummary(output, summary);

  if (!buildable) {
    step('A story, spoken on this computer in the arithmetic of the device');
    await generate(context, run.path, request);
    return;
  }
  step('Firmware');
  const report = await buildRun(run, { signal, onLine: (line) => output.progress(line) });
  output.text(describeBuild(report));

  step('A story, spoken by the virtual Pico');
  await runOnBoard(context, run.path, { ...request, board: 'virtual' });
  output.text(`\nDone in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

/** Sets up the toolchain; where that fails, prints the missing tools. */
async function hasToolchain({ output, signal }: CommandContext): Promise<boolean> {
  try {
    const { compiler, sdk } = await ensureToolchain({
      signal,
      onLine: (line) => output.progress(line),
    });
    output.text(`${compiler}, pico-sdk ${sdk.version}`);
    return true;
  } catch (error) {
    if (!(error instanceof StarmindError) || signal.aborted) throw error;
    output.warning(`${error.message} The model will speak on this computer.`);
    output.note(error.remedy);
    return false;
  }
}
