/**
 * `npm run bench`: cycles a token of this engine in every format, on one and on two cores, beside
 * those of two plain engines on the same virtual Pico; then its kernels and the presets. Prints one
 * object of JSON; with `--write`, also the tables of docs/benchmarks.md.
 */
import { cyclesAt } from '../../src/core/bench/report';
import { fitsChip, typicalContext } from '../../src/core/estimate/estimate';
import type { Architecture } from '../../src/core/model/config';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { weightFormats } from '../../src/core/model/formats';
import { findPreset, presets } from '../../src/core/model/presets';
import { initialWeights } from '../../src/core/train/initialise';
import { benchModel } from '../../src/node/run/bench-model';
import { baselines, runBaseline, type Baseline } from '../support/baselines';
import { engineSections, type EngineRow, type EngineTables } from '../support/engine-tables';
import { kernelTable, runKernels } from '../support/kernels';
import { writeSection } from '../support/docs-section';

const preset = (name: string) => findPreset(name)!.file.architecture;

/** Shapes that every engine runs; the plain ones keep keys and values as float32. */
const shapes: { name: string; architecture: ModelFile['architecture'] }[] = [
  { name: 'rp2040-speed', architecture: preset('rp2040-speed') },
  {
    name: 'story-260k, 2 layers, context 128',
    architecture: { ...preset('story-260k'), n_layers: 2, max_seq_len: 128 },
  },
  {
    name: 'story-260k, context 128',
    architecture: { ...preset('story-260k'), max_seq_len: 128 },
  },
];

const note = (text: string) => process.stderr.write(`${text}\n`);

/** Bytes of SRAM that the plain engines may fill: the rest is for their program. */
const plainRoom = 225_000;

async function plain(engine: Baseline, name: string, shape: Architecture): Promise<EngineRow[]> {
  const contexts = [typicalContext(shape), shape.max_seq_len] as const;
  const weights = initialWeights(shape, 1);
  const parameters = [...weights.values()].reduce((sum, values) => sum + values.length, 0);
  const cache = 8 * shape.n_layers * shape.n_kv_heads * shape.head_dim * shape.max_seq_len;
  const fits = parameters * (engine === 'float' ? 4 : 1) + cache < plainRoom;
  const weightsIn = fits ? 'sram' : 'flash';
  const { tokens } = await runBaseline(engine, shape, weights, { checked: 1, contexts, weightsIn });
  return tokens.map(({ context, cycles, matrices }) => ({
    ...{ shape: name, engine: `plain ${engine}`, cores: 1, weights: weightsIn },
    ...{ context, cycles, matrices },
  }));
}

async function own(name: string, architecture: ModelFile['architecture']): Promise<EngineRow[]> {
  const rows: EngineRow[] = [];
  for (const format of weightFormats) {
    for (const cores of [1, 2] as const) {
      const file = (weights: 'sram' | 'stream' | 'flash'): ModelFile => ({
        ...{ version: 1, architecture, quantization: { weights: format } },
        target: { cores, weights },
      });
      const inSram = withDefaults(file('sram'), name);
      const config = fitsChip(inSram) ? inSram : withDefaults(file('flash'), name);
      const report = await benchModel(config);
      for (const { context, matrices } of report.by_part) {
        rows.push({
          ...{ shape: name, engine: format, cores, weights: config.target.weights, context },
          ...{ cycles: cyclesAt(report.by_context, context) ?? NaN, matrices },
        });
      }
      note(`${name}: ${format}, ${cores} of 2 cores`);
    }
  }
  return rows;
}

async function measureShapes(): Promise<EngineRow[]> {
  const rows: EngineRow[] = [];
  for (const { name, architecture } of shapes) {
    const shape = withDefaults({ version: 1, architecture }, name).architecture;
    for (const engine of Object.keys(baselines) as Baseline[]) {
      rows.push(...(await plain(engine, name, shape)));
      note(`${name}: plain ${engine}`);
    }
    rows.push(...(await own(name, architecture)));
  }
  return rows;
}

async function measurePresets(): Promise<EngineTables['presets']> {
  const measured = [];
  for (const { name, file } of presets) {
    const config = withDefaults(file, name);
    if (!fitsChip(config)) continue;
    const { cycles_per_token, tokens_per_second, context } = await benchModel(config);
    const { weights } = config.quantization;
    measured.push({ name, weights, context, cycles_per_token, tokens_per_second });
    note(name);
  }
  return measured;
}

async function main(): Promise<void> {
  const tables: EngineTables = {
    engines: await measureShapes(),
    kernels: kernelTable(await runKernels()),
    presets: await measurePresets(),
  };
  const sections = engineSections(tables);
  console.log(JSON.stringify({ ...tables, ratios: sections.ratios }));
  if (!process.argv.includes('--write')) return;
  for (const [name, markdown] of Object.entries(sections.markdown)) {
    await writeSection(name, markdown);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
