import type { TrainingRequest } from '../../core/train/run-progress';
import { askRun } from '../../node/run/ask-run';
import { runFolder } from '../../node/run/folder';
import type { CommandContext } from '../context';

const effects: Record<TrainingRequest, string> = {
  pause: 'It pauses after the step at work; go-on continues it.',
  'go-on': 'It goes on.',
  stop: 'It ends, and measures and keeps its model.',
  discard: 'It ends, and keeps nothing of this training.',
};

/** `starmind ask RUN REQUEST`. */
export async function ask(
  { output }: CommandContext,
  path: string,
  request: TrainingRequest,
): Promise<void> {
  const run = runFolder(path);
  await askRun(run, request);
  output.text(effects[request]);
  output.result({ run: run.path, request });
}
