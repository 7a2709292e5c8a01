import type { FromTrainingPage, RunFacts } from '../../src/core/train/page-messages';
import type { MetricsRecord } from '../../src/core/train/metrics';
import type { TrainingRequest } from '../../src/core/train/run-progress';
import { timeLeft } from '../../src/core/train/progress-line';
import { grouped } from '../../src/core/text';
import { Button } from '../ui/toolkit';

interface ControlsProps {
  project: string | undefined;
  /** The name of the run, whose training may not have written anything yet. */
  shown: string | undefined;
  facts: RunFacts | undefined;
  last: MetricsRecord | undefined;
  post: (message: FromTrainingPage) => void;
}

/** The state of the training in a line, and all that can be done with it. */
export function Controls({ project, shown, facts, last, post }: ControlsProps) {
  const progress = facts?.progress;
  const isLive = facts?.isLive ?? false;
  const ask = (request: TrainingRequest) => () => {
    if (facts) post({ kind: 'ask', run: facts.name, request });
  };
  const canAsk = isLive && (progress?.phase === 'training' || progress?.phase === 'paused');
  return (
    <header>
      <h1>{shown === undefined ? 'Training' : `Training ${shown}`}</h1>
      <span class="where">{project}</span>
      <div class="actions">
        {canAsk && progress?.phase === 'training' && <Button onClick={ask('pause')}>Pause</Button>}
        {canAsk && progress?.phase === 'paused' && (
          <Button appearance="primary" onClick={ask('go-on')}>
            Go On
          </Button>
        )}
        {canAsk && (
          <>
            <Button title="End now; the model stays as it is" onClick={ask('stop')}>
              Stop and Keep
            </Button>
            <Button title="End now without keeping what it has learnt" onClick={ask('discard')}>
              Stop and Discard
            </Button>
          </>
        )}
        {facts && !isLive && (
          <Button
            appearance="primary"
            title="Bring the model onto the board"
            onClick={() => post({ kind: 'flash', run: facts.name })}
          >
            Build & Flash
          </Button>
        )}
        {!isLive && (
          <Button onClick={() => post({ kind: 'train' })}>{facts ? 'Train Again' : 'Train'}</Button>
        )}
      </div>
      <p class="status" role="status">
        {statusOf(facts)}
      </p>
      {progress?.text !== undefined && <p class="status">{progress.text}</p>}
      {isLive && progress && (
        <div
          class="bar"
          role="progressbar"
          aria-label="Share of the training that is done"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(100 * progress.share)}
        >
          <span style={{ width: `${100 * progress.share}%` }} />
        </div>
      )}
      {last && <Figures facts={facts} last={last} />}
    </header>
  );
}

function statusOf(facts: RunFacts | undefined): string {
  if (!facts) return 'Nothing has been trained here yet.';
  const { isLive, progress, imported } = facts;
  if (isLive) {
    switch (progress?.phase) {
      case 'paused':
        return 'Paused';
      case 'measuring':
        return 'Measuring the quantised model';
      case 'training':
        return `Training: ${(100 * progress.share).toFixed(0)} % done`;
      default:
        return 'Reading the text and learning the tokenizer; the terminal says how far';
    }
  }
  if (imported !== undefined) return `Imported: ${imported}`;
  if (progress?.phase === 'ended') return `Over: ${progress.message}`;
  // It was killed, or its folder comes from an earlier version.
  return progress ? 'Killed; its last checkpoint is there' : 'Over';
}

function Figures({ facts, last }: { facts: RunFacts | undefined; last: MetricsRecord }) {
  const share = facts?.progress?.share ?? 0;
  const left = facts?.isLive ? timeLeft(last, share) : undefined;
  const figures: [string, string][] = [
    ['step', grouped(last.step)],
    ['tokens', grouped(last.tokens)],
    ['loss', last.loss.toFixed(3)],
    ['learning rate', last.lr.toPrecision(3)],
    ['gradient norm', last.grad_norm.toFixed(2)],
    ['tokens/s', grouped(Math.round(last.tokens_per_second))],
    ...(left === undefined ? [] : [['left', left] as [string, string]]),
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
