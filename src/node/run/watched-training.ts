import type { ModelConfig } from '../../core/model/config';
import type { Weights } from '../../core/model/tensors';
import { statisticsLine } from '../../core/corpus/statistics';
import { Tokenizer } from '../../core/tokenizer/tokenizer';
import { eventLine, type TrainingEvent } from '../../core/train/events';
import type { RunProgress, TrainingSample } from '../../core/train/run-progress';
import { planWindows, scoredTargets } from '../../core/train/windows';
import { exitCodes, StarmindError } from '../starmind-error';
import { appendSample, keepSamples, writeProgress } from '../train/journal';
import { Requests } from '../train/requests';
import { WasmEngine } from '../wasm/engine';
import { exportImage } from './export';
import type { RunFolder } from './folder';
import type { PreparedData } from './prepare';

/** Tokens of held-out text that a sample goes on from, and tokens that it speaks. */
const promptTokens = 5;
const spokenTokens = 96;

/** Milliseconds between two notes of the progress. */
const interval = 250;

/**
 * A training as others see it: notes in the run folder what it is doing and what the model says,
 * and hears there what is asked of it. A panel, a second window and a person with a text editor
 * need nothing else, however the training was started.
 */
export class WatchedTraining {
  private readonly requests: Requests;
  private progress: RunProgress = {
    phase: 'training',
    message: '',
    share: 0,
    pid: process.pid,
  };
  private noted = -Infinity;
  /** Until it is there, the folder may be somebody else's. */
  private data: PreparedData | undefined;
  /** Steps that an earlier part of the training has done. */
  private resumedAt = 0;
  /** Folder of the earlier training that this one has put aside. */
  keptRun: string | undefined;

  constructor(
    private readonly run: RunFolder,
    private readonly config: ModelConfig,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.requests = new Requests(run.path, (isPaused) => {
      this.note({ phase: isPaused ? 'paused' : 'training' }, true);
    });
  }

  /** Wall-clock seconds without pauses. */
  get clock(): () => number {
    return this.requests.clock;
  }

  hear(event: TrainingEvent): void {
    if (event.kind === 'problem' || !this.data) return;
    const message = eventLine(event);
    if (event.kind === 'metrics') this.note({ phase: 'training', message, share: event.share });
    else if (event.kind === 'measuring') this.note({ phase: 'measuring', message }, true);
    else this.note({ message });
  }

  /** Forgets what an earlier training was asked, in a folder of trainings. */
  begin(): Promise<void> {
    return this.requests.begin();
  }

  /** The text is there, the folder is the run's, and the training goes on from a step. */
  ready(data: PreparedData, step: number): void {
    this.data = data;
    this.resumedAt = step;
    keepSamples(this.run.path, step);
    const { valid, endOfText } = data.tokens;
    const windows = planWindows(valid, endOfText, this.config.architecture.max_seq_len);
    const targets = scoredTargets(windows);
    const known = targets === 0 ? {} : { bytes_per_token: data.validBytes / targets };
    this.note({ ...known, text: statisticsLine(data.statistics) }, true);
  }

  /**
   * Waits while the user has paused the training; false when it is to end.
   *
   * @throws StarmindError `training.discarded`
   */
  readonly mayGoOn = async (): Promise<boolean> => {
    const answer = await this.requests.answer(this.signal);
    if (answer === 'discard') throw discarded(this.run, this.resumedAt);
    return answer === 'go-on';
  };

  /** Lets the model go on with held-out text, in the arithmetic of the device. */
  readonly speak = async (step: number, weights: Weights): Promise<void> => {
    const { data, config } = this;
    if (data) appendSample(this.run.path, await sample(config, data, weights, step));
  };

  ended(message: string): void {
    if (this.data) this.note({ phase: 'ended', message }, true);
  }

  private note(change: Partial<RunProgress>, atOnce = false): void {
    this.progress = { ...this.progress, ...change };
    const now = performance.now();
    if (!atOnce && now - this.noted < interval) return;
    this.noted = now;
    // No later note would make up for one about a pause, or the end.
    const tries = atOnce ? patience / interval : 1;
    for (let i = 0; i < tries && !writeProgress(this.run.path, this.progress); i++) {
      if (atOnce) Atomics.wait(sleeper, 0, 0, interval);
    }
  }
}

/** Milliseconds for which a note that is needed is tried again. */
const patience = 2000;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

async function sample(
  config: ModelConfig,
  { tokenizer, tokens }: PreparedData,
  weights: Weights,
  step: number,
): Promise<TrainingSample> {
  const engine = await WasmEngine.open(exportImage(config, weights, tokenizer));
  const first = firstDocument(tokens);
  const room = Math.min(promptTokens, config.architecture.max_seq_len - 1);
  const prompt = new Tokenizer(tokenizer).decodeStart(first.subarray(0, room));
  const { sampling } = config.target;
  const options = { prompt, tokens: spokenTokens, sampling, seed: config.training.seed };
  const decoder = new TextDecoder();
  let text = '';
  for (const { bytes } of engine.generate(options)) text += decoder.decode(bytes, { stream: true });
  return { step, prompt: new TextDecoder().decode(prompt), text };
}

/** Tokens of the first held-out document; an end of text stands in front of it. */
function firstDocument({ valid, endOfText }: PreparedData['tokens']): Uint16Array {
  const start = valid.findIndex((token) => token !== endOfText);
  if (start < 0) return valid.subarray(0, 0);
  const end = valid.indexOf(endOfText, start);
  return valid.subarray(start, end < 0 ? undefined : end);
}

const discardedCode = 'training.discarded';

/** Whether the user has ended a training, and what it had learnt with it. */
export function isDiscarded(error: unknown): boolean {
  return error instanceof StarmindError && error.code === discardedCode;
}

function discarded({ path }: RunFolder, resumedAt: number): StarmindError {
  const isResumed = resumedAt > 0;
  return new StarmindError(
    discardedCode,
    exitCodes.interrupted,
    isResumed
      ? `The training in ${path} was stopped; its last checkpoint, of step ${resumedAt} or later, stays.`
      : `The training in ${path} was stopped, and what it had learnt was thrown away.`,
    isResumed
      ? 'Go on with: starmind train model.json --resume'
      : 'Train again with: starmind train model.json',
  );
}
