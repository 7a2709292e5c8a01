import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { dirname, resolve, toNamespacedPath } from 'node:path';
import { mkdir, rmdir } from 'node:fs/promises';
import type { CorpusStatistics } from '../../core/corpus/statistics';
import { bitsPerByte } from '../../core/estimate/bits-per-byte';
import type { ModelConfig } from '../../core/model/config';
import { editText } from '../../core/model/edit';
import { parseModel } from '../../core/model/parse';
import type { JsonValue, Problem } from '../../core/problem';
import { deviceCost } from '../../core/train/device-cost';
import type { TrainingEvent, TrainingListener } from '../../core/train/events';
import { planWindows, sampleWindows, scoredTargets } from '../../core/train/windows';
import { quoted } from '../quoted';
import { interrupted, StarmindError } from '../starmind-error';
import { replaceFile, unwritable } from '../files';
import { evaluateWeights } from '../train/evaluate';
import { kernelsOfEngine } from '../train/engines';
import { trainRun } from '../train/train-model';
import { measureDevice } from './evaluate';
import { exportImage } from './export';
import { defaultRunFolder, type LoadedModel, type RunFolder } from './folder';
import { prepareData, type PreparedData } from './prepare';
import { loadTokenizer } from './tokenizer-file';
import { loadBaseRun, loadTeacher, namedRunTokenizer, requireOneTokenizer } from './base-run';
import { beginRun, writeSummary } from './begin-run';
import { emptyFolder, requireClaimable } from './claim-folder';
import { clearConclusion, restoreEarlier } from './earlier-run';
import { requireTrained, resumePoint } from './resume';
import { whileTraining } from './run-owner';
import { isDiscarded, WatchedTraining } from './watched-training';

/** Result of `starmind train`; its keys are part of the command line's contract. */
export interface TrainingSummary {
  run: string;
  /** Folder that keeps an earlier training of this run; null when there is none. */
  earlier_run: string | null;
  /** The run with which the training began, as model.json names it. */
  from: string | null;
  /** The run whose distribution it followed. */
  teacher: string | null;
  steps: number;
  tokens: number;
  /** Nats per token; null when the run had no step or no held-out text. */
  train_loss: number | null;
  valid_loss: number | null;
  /** On the held-out text, or a sample of it; null when nothing is held out. */
  bits_per_byte: { float: number; device: number } | null;
  tokens_per_second: number;
  seconds: number;
  stopped: 'done' | 'ended' | 'early';
  /** Step whose weights are kept: that of the best evaluation. */
  kept_step: number;
  corpus: CorpusStatistics;
  /** Warnings: settings without effect here, and causes of a worse model. */
  problems: Problem[];
}

export interface TrainModelOptions {
  /** How to treat an earlier training in the same folder. */
  earlier: 'resume' | 'keep' | 'replace';
  /** Command-line options of the budget, to repeat when resuming: model.json has another budget. */
  asked?: string | undefined;
  signal?: AbortSignal;
  onEvent?: TrainingListener;
}

/** Held-out tokens that the summary measures; device arithmetic runs a few thousand a second. */
const measuredTokens = 20_000;

/**
 * The whole of `starmind train`: text, tokenizer, training, quantisation, device image, summary. It
 * writes everything to the run folder; an interrupted training keeps its checkpoint there. It does
 * not touch an earlier training before it is certain that the new one can begin.
 *
 * @throws StarmindError
 */
export async function trainModel(
  modelFile: string,
  { config, text }: LoadedModel,
  run: RunFolder,
  options: TrainModelOptions,
): Promise<TrainingSummary> {
  if (options.earlier === 'resume') requireTrained(run);
  const made = await mkdir(run.path, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(run.path, cause);
  });
  try {
    return await whileTraining(run, () => trainWatched(modelFile, { config, text }, run, options));
  } catch (error) {
    if (made !== undefined) await removeEmpty(run.path, made);
    throw error;
  }
}

/** Removes a folder, and its parents as far as `last`, while they are empty. */
async function removeEmpty(folder: string, last: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  if (toNamespacedPath(folder) !== toNamespacedPath(last)) await removeEmpty(dirname(folder), last);
}

/** Trains in a folder that this process owns, and notes there how it ends. */
async function trainWatched(
  modelFile: string,
  loaded: Pick<LoadedModel, 'config' | 'text'>,
  run: RunFolder,
  options: TrainModelOptions,
): Promise<TrainingSummary> {
  const watched = new WatchedTraining(run, loaded.config, options.signal);
  try {
    const summary = await trainOwned(modelFile, loaded, run, options, watched);
    watched.ended(endings[summary.stopped]);
    return summary;
  } catch (error) {
    if (isDiscarded(error) && options.earlier !== 'resume') {
      await emptyFolder(run);
      if (watched.keptRun !== undefined) await restoreEarlier(run, watched.keptRun);
    } else watched.ended(error instanceof StarmindError ? error.message : String(error));
    throw error;
  }
}

const endings: Record<TrainingSummary['stopped'], string> = {
  done: 'trained to the end',
  ended: 'stopped by the user',
  early: 'stopped where the held-out loss no longer fell',
};

async function trainOwned(
  modelFile: string,
  loaded: Pick<LoadedModel, 'config' | 'text'>,
  run: RunFolder,
  options: TrainModelOptions,
  watched: WatchedTraining,
): Promise<TrainingSummary> {
  const { config } = loaded;
  const { earlier, asked, signal } = options;
  const problems: Problem[] = [];
  const onEvent = (event: TrainingEvent) => {
    if (event.kind === 'problem') problems.push(event.problem);
    watched.hear(event);
    options.onEvent?.(event);
  };
  const isResumed = earlier === 'resume';
  const from = isResumed ? await resumePoint(run, config) : undefined;
  const inputs = { model: modelFile, tokenizer: tokenizerFile(modelFile, config) };
  await requireClaimable(run, inputs);
  await watched.begin();
  const createKernels = await kernelsOfEngine(config.training, dirname(modelFile));
  const base = isResumed ? undefined : await loadBaseRun(modelFile, config, run);
  const teacher = await loadTeacher(modelFile, config, run);
  const known =
    isResumed && existsSync(run.tokenizer)
      ? await loadTokenizer(run.tokenizer)
      : (base?.tokenizer ?? (await namedRunTokenizer(modelFile, config)));
  requireOneTokenizer(config, known, teacher);
  const text = selfContained(loaded);
  const data = await prepareData(config, modelFile, { signal, onEvent }, known);
  let kept: string | undefined;
  const result = await trainRun({
    config,
    modelText: text,
    runFolder: run.path,
    tokens: data.tokens,
    from,
    initial: base?.weights,
    teacher,
    createKernels,
    signal,
    clock: watched.clock,
    mayGoOn: watched.mayGoOn,
    onEvaluated: watched.speak,
    onReady: async (step) => {
      const { tokenizer } = data;
      kept = await beginRun(run, { modelText: text, tokenizer, inputs, earlier });
      watched.keptRun = kept;
      if (kept) onEvent({ kind: 'earlier-kept', folder: kept });
      watched.ready(data, step);
    },
    onSave: () => clearConclusion(run),
    onMetrics: (record, share) => onEvent({ kind: 'metrics', record, share }),
  });
  const image = exportImage(config, result.weights, data.tokenizer);
  await replaceFile(run.image, image);
  if (result.stopped === 'interrupted') {
    const isElsewhere = run.path !== defaultRunFolder(modelFile, config).path;
    const out = isElsewhere ? ` --out ${quoted(run.path)}` : '';
    const budget = asked === undefined ? '' : ` ${asked}`;
    throw interrupted(
      `Training at step ${result.steps}`,
      `The checkpoint is in ${run.path}; go on with: starmind train ${quoted(modelFile)} --resume${out}${budget}`,
    );
  }
  onEvent({ kind: 'measuring' });
  const { weights, stopped, ...figures } = result;
  const bits_per_byte = await measure(config, data, weights, image, signal);
  const cost = bits_per_byte && deviceCost(bits_per_byte, weights, config);
  if (cost) onEvent({ kind: 'problem', problem: cost });
  const summary: TrainingSummary = {
    run: run.path,
    earlier_run: kept ?? null,
    from: config.training.from ?? null,
    teacher: config.training.teacher ?? null,
    ...figures,
    stopped,
    bits_per_byte,
    corpus: data.statistics,
    problems,
  };
  const { run: _, earlier_run: __, ...inFile } = summary;
  await writeSummary(run, inFile);
  return summary;
}

/** The text of a model.json with its shape, which it may have from the run that it names. */
function selfContained({ config, text }: Pick<LoadedModel, 'config' | 'text'>): string {
  if (config.training.from === undefined) return text;
  const alone = parseModel(text).value?.architecture;
  if (alone && isDeepStrictEqual(alone, config.architecture)) return text;
  // The parser has made it from JSON.
  const value = config.architecture as unknown as JsonValue;
  return editText(text, [{ path: ['architecture'], value }]);
}

/** The file that a model.json names as its tokenizer. */
function tokenizerFile(modelFile: string, { tokenizer }: ModelConfig): string | undefined {
  return tokenizer.type === 'file' ? resolve(dirname(modelFile), tokenizer.path) : undefined;
}

async function measure(
  { architecture }: ModelConfig,
  data: PreparedData,
  weights: Parameters<typeof evaluateWeights>[0]['weights'],
  image: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<TrainingSummary['bits_per_byte']> {
  const all = planWindows(data.tokens.valid, data.tokens.endOfText, architecture.max_seq_len);
  if (all.length === 0) return null;
  const windows = sampleWindows(all, measuredTokens);
  const float = await evaluateWeights({ architecture, weights, windows });
  const device = await measureDevice(image, architecture.vocab_size, windows, { signal });
  // The sample's bytes, by its share of the tokens.
  const bytes = (data.validBytes * scoredTargets(windows)) / scoredTargets(all);
  return {
    float: bitsPerByte(
      float.reduce((sum, nats) => sum + nats, 0),
      bytes,
    ),
    device: bitsPerByte(device, bytes),
  };
}
