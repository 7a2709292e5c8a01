/**
 * `node test/bench/run.mjs measured-speeds`: lets the virtual Pico measure every preset and goal that
 * fits the chip, and writes src/core/model/measured-speeds.json.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cyclesAt } from '../../src/core/bench/report';
import { estimateModel, typicalContext } from '../../src/core/estimate/estimate';
import type { ModelConfig } from '../../src/core/model/config';
import { withDefaults } from '../../src/core/model/defaults';
import { goals } from '../../src/core/search/goals';
import { presets } from '../../src/core/model/presets';
import { packageRoot } from '../../src/node/assets';
import { measureModel } from '../support/measure-model';

/** Cycles of one token, its sampling included, in the middle of the context. */
async function cyclesPerToken(config: ModelConfig): Promise<number> {
  const { tokens, sampling } = await measureModel(config);
  const cycles = cyclesAt(tokens, typicalContext(config.architecture));
  if (cycles === undefined) throw new Error('There is no measurement around the typical context.');
  return cycles + sampling;
}

async function measureAll(): Promise<void> {
  const models = [...presets, ...goals.map(({ name, file }) => ({ name, file: file() }))];
  const measured: Record<string, number> = {};
  for (const { name, file } of models) {
    const config = withDefaults(file, name);
    if (!estimateModel(config).fits) continue;
    measured[name] = await cyclesPerToken(config);
    process.stderr.write(`${name}: ${measured[name]} cycles a token\n`);
  }
  const result = {
    generator: 'node test/bench/run.mjs measured-speeds',
    clock_mhz: withDefaults(presets[0]!.file, '').target.clock_mhz,
    cycles_per_token: measured,
  };
  const file = join(packageRoot(), 'src/core/model/measured-speeds.json');
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

measureAll().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
