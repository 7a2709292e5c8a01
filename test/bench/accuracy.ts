/**
 * `node test/bench/run.mjs accuracy`: compares the estimate with models that took no part in the fit
 * of the cycle model: their cycles on the virtual Pico at every measured context, and the bytes of
 * their linked firmware. Prints JSON.
 */
import { arenaBytes } from '../../src/core/estimate/arena';
import { cyclesPerToken } from '../../src/core/estimate/cycles';
import { sramParts, totalOf } from '../../src/core/estimate/estimate';
import type { ModelConfig } from '../../src/core/model/config';
import { measureModel } from '../support/measure-model';
import { randomModels } from '../support/random-models';

const count = 50;
/** Another than that of `calibrate`, and than those on whose errors the kinds of work were chosen. */
const seed = 7;

interface Comparison {
  model: object;
  /** Estimated over measured cycles of whole tokens, less one, at each context. */
  errors: { context: number; error: number }[];
  /** Bytes by which model data differ, and the share by which all of SRAM does. */
  sram: { model_bytes: number; total: number };
}

async function compare(config: ModelConfig): Promise<Comparison> {
  const { architecture, quantization, target, name } = config;
  const { tokens, sampling, sizes } = await measureModel(config);
  // The first token finds the cache of the flash empty.
  const errors = tokens.slice(1).map(({ context, cycles }) => ({
    context,
    error: cyclesPerToken(config, context).total / (cycles + sampling) - 1,
  }));
  const parts = sramParts(config);
  const linked = totalOf(sizes.sram);
  return {
    model: { name, ...architecture, quantization, cores: target.cores },
    errors,
    sram: {
      model_bytes: sizes.sram.weights + sizes.sram.arena - parts.weights - arenaBytes(config).total,
      total: linked / totalOf(parts) - 1,
    },
  };
}

async function measureAccuracy(): Promise<void> {
  const comparisons: Comparison[] = [];
  for (const config of randomModels(count, seed)) {
    comparisons.push(await compare(config));
    process.stderr.write('.');
  }
  const size = ({ error }: { error: number }) => Math.abs(error);
  /** A model's error is that of its worst context. */
  const worstOf = ({ errors }: Comparison) => Math.max(...errors.map(size));
  const sorted = comparisons.map(worstOf).sort((a, b) => a - b);
  const worst = comparisons.find((each) => worstOf(each) === sorted.at(-1));
  const all = comparisons.flatMap(({ errors }) => errors.map(size));
  process.stdout.write(
    `${JSON.stringify(
      {
        models: comparisons.length,
        cycles: {
          within_5_percent: sorted.filter((error) => error <= 0.05).length / sorted.length,
          mean: all.reduce((sum, error) => sum + error, 0) / all.length,
          worst,
        },
        sram: {
          model_bytes_off: Math.max(...comparisons.map(({ sram }) => Math.abs(sram.model_bytes))),
          total_worst: Math.max(...comparisons.map(({ sram }) => Math.abs(sram.total))),
        },
        by_model: comparisons
          .map((each) => ({ worst: worstOf(each), ...each }))
          .sort((a, b) => b.worst - a.worst)
          .slice(0, 10),
      },
      null,
      2,
    )}\n`,
  );
}

measureAccuracy().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
