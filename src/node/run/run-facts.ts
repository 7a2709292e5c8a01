import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimateModel } from '../../core/estimate/estimate';
import type { ModelConfig } from '../../core/model/config';
import { parseModel } from '../../core/model/parse';
import type { RunFacts } from '../../core/train/page-messages';
import { presentOwner } from '../ownership';
import { readProgress } from '../train/journal';
import { metricsPath, readMetrics } from '../train/metrics';
import { runFolder, type RunFolder } from './folder';
import { noteOf } from './run-owner';

/** The runs in a folder of runs, by name: those that were trained, and those at work. */
export async function listRuns(folder: string): Promise<RunFacts[]> {
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const facts = await Promise.all(
    names
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => factsOf(name, runFolder(join(folder, name)))),
  );
  return facts
    .filter((run) => run !== undefined)
    .sort((one, other) => one.name.localeCompare(other.name));
}

async function factsOf(name: string, run: RunFolder): Promise<RunFacts | undefined> {
  const owner = await presentOwner(noteOf(run)).catch(() => undefined);
  const isLive = owner?.activity === 'training';
  const config = modelOf(run);
  if (!config) {
    // A training that is still reading its text has written no model.
    const nothing = { parameters: 0, shape: '', sram: 0, speed: 0, steps: 0, quality: undefined };
    return isLive ? { name, isLive, progress: undefined, ...nothing } : undefined;
  }
  if (!isLive && !existsSync(run.checkpoint)) return undefined;
  const { parameters, sram, speed } = estimateModel(config);
  const progress = readProgress(run.path);
  return {
    name,
    isLive,
    progress,
    parameters: parameters.total,
    shape: describe(config),
    sram: sram.total,
    speed: speed.tokens_per_second,
    ...resultsOf(run, progress?.bytes_per_token),
  };
}

function modelOf(run: RunFolder): ModelConfig | undefined {
  try {
    return parseModel(readFileSync(run.model, 'utf8'), 'model').value;
  } catch {
    return undefined;
  }
}

function describe({ architecture, quantization }: ModelConfig): string {
  const { dim, n_layers, vocab_size, max_seq_len } = architecture;
  return `dim ${dim}, ${n_layers} layers, vocabulary ${vocab_size}, context ${max_seq_len}, ${quantization.weights}`;
}

function resultsOf(
  run: RunFolder,
  bytesPerToken: number | undefined,
): Pick<RunFacts, 'steps' | 'quality'> {
  const summary = summaryOf(run);
  if (summary) return summary;
  const records = readMetrics(metricsPath(run.path));
  const steps = records.at(-1)?.step ?? 0;
  const { valid_loss, valid_loss_device } =
    records.findLast((record) => record.valid_loss !== undefined) ?? {};
  if (!bytesPerToken || valid_loss === undefined) return { steps, quality: undefined };
  const bits = (nats: number) => nats / Math.LN2 / bytesPerToken;
  const device = bits(valid_loss_device ?? valid_loss);
  return { steps, quality: { float: bits(valid_loss), device } };
}

function summaryOf(run: RunFolder): Pick<RunFacts, 'steps' | 'quality'> | undefined {
  try {
    const { steps, bits_per_byte } = JSON.parse(readFileSync(run.summary, 'utf8')) as {
      steps: number;
      bits_per_byte: RunFacts['quality'] | null;
    };
    return { steps, quality: bits_per_byte ?? undefined };
  } catch {
    return undefined;
  }
}
