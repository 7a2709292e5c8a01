import { existsSync } from 'node:fs';
import { valueOf } from '../../core/fields';
import { estimateModel } from '../../core/estimate/estimate';
import type { ModelConfig } from '../../core/model/config';
import { parseModel } from '../../core/model/parse';
import { metricsRecord } from '../../core/train/metrics';
import type { RunFacts } from '../../core/train/page-messages';
import { runProgress } from '../../core/train/run-progress';
import { runResults, type RunResults } from '../../core/train/run-results';
import { presentOwner } from '../ownership';
import { progressPath } from '../train/journal';
import { LineTail } from '../train/line-tail';
import { metricsPath } from '../train/metrics';
import type { RunFolder } from './folder';
import { RememberedFile } from './remembered-file';
import { noteOf } from './run-owner';

type ModelFacts = Pick<RunFacts, 'parameters' | 'shape' | 'sram' | 'speed'>;

/** A run that is looked at again and again: only what has changed on the disk is read anew. */
export class WatchedRun {
  private readonly model;
  private readonly summary;
  private readonly progress;
  private readonly metrics;
  private steps = 0;
  /** At the last evaluation, nats a token. */
  private validLoss: { float: number; device: number } | undefined;

  constructor(
    private readonly name: string,
    private readonly run: RunFolder,
  ) {
    this.model = new RememberedFile(run.model, modelFacts);
    this.summary = new RememberedFile(run.summary, (text) => valueOf(text, runResults));
    this.progress = new RememberedFile(progressPath(run.path), (text) =>
      valueOf(text, runProgress),
    );
    this.metrics = new LineTail(metricsPath(run.path), metricsRecord);
  }

  /** Undefined where nothing is trained, nor has been. */
  async facts(): Promise<RunFacts | undefined> {
    const { name, run } = this;
    const owner = await presentOwner(noteOf(run)).catch(() => undefined);
    const isLive = owner?.activity === 'training';
    if (!isLive && !existsSync(run.checkpoint)) return undefined;
    const model = this.model.read();
    if (!model) {
      // A training that is still reading its text has written no model.
      const nothing = { parameters: 0, shape: '', sram: 0, speed: 0, steps: 0, quality: undefined };
      return isLive
        ? { name, isLive, progress: undefined, imported: undefined, ...nothing }
        : undefined;
    }
    const progress = this.progress.read();
    const results = this.summary.read() ?? this.resultsSoFar(progress?.bytes_per_token);
    const isOfOwner = !isLive || progress?.pid === owner.pid;
    return { name, isLive, progress: isOfOwner ? progress : undefined, ...model, ...results };
  }

  private resultsSoFar(bytesPerToken: number | undefined): RunResults {
    const { lines, isWhole } = this.metrics.read();
    if (isWhole) {
      this.steps = 0;
      this.validLoss = undefined;
    }
    for (const { step, valid_loss, valid_loss_device } of lines) {
      this.steps = step;
      if (valid_loss === undefined) continue;
      this.validLoss = { float: valid_loss, device: valid_loss_device ?? valid_loss };
    }
    const { steps, validLoss } = this;
    if (!bytesPerToken || !validLoss) return { steps, quality: undefined, imported: undefined };
    const bits = (nats: number) => nats / Math.LN2 / bytesPerToken;
    const quality = { float: bits(validLoss.float), device: bits(validLoss.device) };
    return { steps, quality, imported: undefined };
  }
}

function modelFacts(text: string): ModelFacts | undefined {
  const config = parseModel(text, 'model').value;
  if (!config) return undefined;
  const { parameters, sram, speed } = estimateModel(config);
  return {
    parameters: parameters.total,
    shape: describe(config),
    sram: sram.total,
    speed: speed.tokens_per_second,
  };
}

function describe({ architecture, quantization }: ModelConfig): string {
  const { dim, n_layers, vocab_size, max_seq_len } = architecture;
  return `dim ${dim}, ${n_layers} layers, vocabulary ${vocab_size}, context ${max_seq_len}, ${quantization.weights}`;
}
