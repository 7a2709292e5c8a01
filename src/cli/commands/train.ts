import { estimateModel } from '../../core/estimate/estimate';
import type { ModelConfig } from '../../core/model/config';
import { eventLine, type TrainingListener } from '../../core/train/events';
import { quoted } from '../../node/quoted';
import { defaultRunFolder, runFolder } from '../../node/run/folder';
import { trainModel, type TrainingSummary } from '../../node/run/train-run';
import { howToFollow, inBackground } from '../background';
import { loadModelWithWarnings, modelFileOf, type CommandContext } from '../context';
import { grouped } from '../../core/text';
import { buildAndFlash, type Output } from '../output';

export interface TrainOptions {
  out?: string;
  resume?: boolean;
  from?: string;
  steps?: number;
  minutes?: number;
  background?: boolean;
}

/** The option that lets a training outlive its terminal. */
export const backgroundOption = '--background';

/** The configuration with the budget of the command line, if that sets one. */
export function withBudget(config: ModelConfig, { steps, minutes }: TrainOptions): ModelConfig {
  if (steps === undefined && minutes === undefined) return config;
  const training = { ...config.training };
  delete training.steps;
  delete training.epochs;
  delete training.minutes;
  const budget = steps === undefined ? { minutes } : { steps };
  return { ...config, training: { ...training, ...budget } };
}

/** The options that change model.json, to be repeated when the training goes on. */
function asked({ from, steps, minutes }: TrainOptions): string | undefined {
  const options = [
    ...(from === undefined ? [] : [`--from ${quoted(from)}`]),
    ...(steps === undefined ? [] : [`--steps ${steps}`]),
    ...(minutes === undefined ? [] : [`--minutes ${minutes}`]),
  ];
  return options.length > 0 ? options.join(' ') : undefined;
}

/** `starmind train FILE`. */
export async function train(
  context: CommandContext,
  path: string,
  options: TrainOptions,
): Promise<void> {
  const { output, signal } = context;
  if (options.background) return inBackground(context, backgroundOption);
  const file = modelFileOf(path);
  const loaded = await loadModelWithWarnings(file, context, options.from);
  const config = withBudget(loaded.config, options);
  for (const { severity, message } of estimateModel(config).problems) {
    if (severity !== 'error') continue;
    output.warning(`${message} It can be trained, but no firmware can be built with it.`);
  }
  const run = options.out ? runFolder(options.out) : defaultRunFolder(file, config);
  const summary = await trainModel(file, { ...loaded, config }, run, {
    earlier: options.resume ? 'resume' : 'keep',
    asked: asked(options),
    signal,
    onEvent: tellTraining(output, run.path),
  });
  tellSummary(output, summary);
  output.next(
    `starmind generate ${quoted(summary.run)} --prompt "Once upon a time"`,
    buildAndFlash,
  );
  output.result(summary);
}

/** Prints the events of a training; in the background, first how to watch and to end it. */
function tellTraining(output: Output, run: string): TrainingListener {
  const tell = tellEvents(output);
  let log = output.follower?.log;
  return (event) => {
    // Its first event says that the run is free.
    const lines = log === undefined ? [] : howToFollow(output, run, log);
    for (const line of lines) output.note(line);
    log = undefined;
    tell(event);
  };
}

/** Prints the events of a training: problems stay, the rest is overwritten. */
export function tellEvents(output: Output): TrainingListener {
  return (event) => {
    if (event.kind === 'problem') output.problem(event.problem);
    else output.progress(eventLine(event));
  };
}

/** Prints the results of a training. */
export function tellSummary(output: Output, summary: TrainingSummary): void {
  const { steps, tokens, tokens_per_second, seconds, bits_per_byte } = summary;
  const done = `${grouped(steps)} steps on ${grouped(tokens)} tokens in ${seconds.toFixed(0)} s`;
  const wasDone = steps > 0 && tokens_per_second === 0;
  output.text(
    wasDone
      ? `Nothing was left to train after ${done}. Give it more with --resume --steps or --resume --minutes.`
      : `Trained ${done} (${grouped(tokens_per_second)} tokens/s).`,
  );
  if (summary.kept_step < steps) {
    output.text(
      `Kept the weights of step ${grouped(summary.kept_step)}: the held-out loss rose after it.`,
    );
  }
  if (bits_per_byte) {
    const { float, device } = bits_per_byte;
    const loss = (100 * (device / float - 1)).toFixed(2);
    output.text(
      `Held-out text: ${float.toFixed(4)} bits per byte in float, ${device.toFixed(4)} in device arithmetic (${loss} %).`,
    );
  }
  if (summary.from !== null) output.text(`Began with: ${summary.from}`);
  if (summary.teacher !== null) output.text(`Learnt from: ${summary.teacher}`);
  output.text(`Run: ${summary.run}`);
  if (summary.earlier_run) output.text(`The earlier run is kept: ${summary.earlier_run}`);
}
