import { dirname, join } from 'node:path';
import type { ModelConfig } from '../../core/model/config';
import type { Measurement } from '../../core/bench/speed-messages';
import { benchModel, benchRun } from '../../node/run/bench-model';
import { loadModel, runFolder } from '../../node/run/folder';
import { virtualName } from '../../node/run/on-board';
import { checkModel } from '../check-model';
import { modelOf, requireLocal } from '../models';
import type { Target } from '../target';
import { runPath } from '../tasks/definition';

/** What is measured: a trained run, or the model of a model.json, which need not be trained. */
export interface Subject {
  title: string;
  measure(signal: AbortSignal, onProgress: (step: string) => void): Promise<Measurement>;
}

/**
 * The subject of a measurement; undefined after the errors of the model have been shown.
 *
 * @throws StarmindError `workspace.virtual`, `model.outside` and those of reading a run's model
 */
export async function subjectOf({ uri, run }: Target): Promise<Subject | undefined> {
  requireLocal(uri);
  if (run === undefined) {
    const config = await checkModel(modelOf(uri));
    if (!config) return undefined;
    const title = `${config.name}, untrained`;
    return {
      title,
      measure: async (signal, onProgress) => ({
        model: describe(title, config),
        report: await benchModel(config, { signal, onProgress }),
      }),
    };
  }
  const folder = runFolder(join(dirname(uri.fsPath), runPath(run)));
  const { config } = await loadModel(folder.model);
  const title = `run ${run}`;
  return {
    title,
    measure: async (signal, onProgress) => ({
      model: describe(title, config),
      report: await benchRun(folder, { board: virtualName, signal, onProgress }),
    }),
  };
}

function describe(title: string, { target, quantization }: ModelConfig): Measurement['model'] {
  const { clock_mhz, cores, weights } = target;
  const place = { sram: 'SRAM', stream: 'SRAM and streamed from flash', flash: 'flash' }[weights];
  const own = Object.entries(quantization.tensors).map(([slot, format]) => `${slot} ${format}`);
  const formats = [quantization.weights, ...own, `KV cache ${quantization.kv_cache}`].join(', ');
  return { title, clock_mhz, cores, weights: `${formats}; in ${place}` };
}
