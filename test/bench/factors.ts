/**
 * `node test/bench/run.mjs factors`: the study's five factors of speed, and what caching keys and
 * values gains, on the virtual Pico with this engine. Prints JSON; with `--write`, also the tables of
 * docs/benchmarks.md.
 */
import { withoutCache, speedLost } from '../support/study-factors';
import type { BenchReport } from '../../src/core/bench/report';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import type { WeightFormat } from '../../src/core/model/formats';
import { findPreset } from '../../src/core/model/presets';
import { benchModel } from '../../src/node/run/bench-model';
import { markdownTable, writeSection } from '../support/docs-section';

type Shape = ModelFile['architecture'];

const preset = (name: string) => findPreset(name)!.file.architecture;

const bases: { name: string; shape: Shape; weights: WeightFormat }[] = [
  { name: 'rp2040-speed, int8', shape: preset('rp2040-speed'), weights: 'int8' },
  {
    // In this format all of its changes fit the chip.
    name: 'story-260k, 2 layers, ternary',
    weights: 'ternary',
    shape: { ...preset('story-260k'), n_layers: 2, head_dim: 8, max_seq_len: 128 },
  },
];

/** What the study measured, in its order of rank; and the same changes here. */
const factors: { factor: string; study: string; change: (shape: Shape) => Partial<Shape> }[] = [
  {
    factor: 'dim doubled, FFN ratio and heads kept',
    study: '40-50 %',
    change: ({ dim, hidden_dim, head_dim = 1 }) => ({
      ...{ dim: 2 * dim, hidden_dim: 2 * hidden_dim, head_dim: 2 * head_dim },
    }),
  },
  {
    factor: 'one layer more',
    study: '25-40 %',
    change: ({ n_layers }) => ({ n_layers: n_layers + 1 }),
  },
  {
    factor: 'heads doubled, each as wide as before',
    study: '20-25 %',
    change: ({ n_heads, n_kv_heads = n_heads }) => ({
      ...{ n_heads: 2 * n_heads, n_kv_heads: 2 * n_kv_heads },
    }),
  },
  {
    factor: 'FFN ratio doubled',
    study: '15-20 %',
    change: ({ hidden_dim }) => ({ hidden_dim: 2 * hidden_dim }),
  },
  {
    factor: 'vocabulary doubled',
    study: '8-12 %',
    change: ({ vocab_size }) => ({ vocab_size: 2 * vocab_size }),
  },
];

async function measure(shape: Shape, weights: WeightFormat): Promise<BenchReport> {
  // Two cores at 200 MHz, as in every model.json that says nothing else.
  const file: ModelFile = { version: 1, architecture: shape, quantization: { weights } };
  return benchModel(withDefaults(file, 'factors'));
}

async function measureBase({ name, shape, weights }: (typeof bases)[number]) {
  const base = await measure(shape, weights);
  const measured = [];
  for (const { factor, study, change } of factors) {
    const changed = await measure({ ...shape, ...change(shape) }, weights);
    const lost = speedLost(base.cycles_per_token, changed.cycles_per_token);
    const { cycles_per_token, tokens_per_second } = changed;
    measured.push({ factor, study, cycles_per_token, tokens_per_second, speed_lost: lost });
    process.stderr.write(`${name}: ${factor}\n`);
  }
  const { cycles_per_token, tokens_per_second, context } = base;
  const caching = withoutCache(base, shape.max_seq_len);
  return { name, context, cycles_per_token, tokens_per_second, factors: measured, caching };
}

type Measured = Awaited<ReturnType<typeof measureBase>>;

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

function factorTable(measured: readonly Measured[]): string {
  const speed = (tokens: number) => tokens.toFixed(tokens < 1000 ? 1 : 0);
  const head = measured.flatMap(({ name }) => [`${name}: tokens/s`, 'lost']);
  const rows = factors.map(({ factor, study }, index) => [
    ...[factor, study],
    ...measured.flatMap((base) => {
      const { tokens_per_second = NaN, speed_lost = NaN } = base.factors[index] ?? {};
      return [speed(tokens_per_second), percent(speed_lost)];
    }),
  ]);
  const first = ['nothing', '', ...measured.flatMap((base) => [speed(base.tokens_per_second), ''])];
  return markdownTable(['what changes', 'the study lost', ...head], [first, ...rows]);
}

function cachingTable(measured: readonly Measured[]): string {
  return markdownTable(
    ['shape', 'tokens', 'cycles with a cache', 'without', 'times'],
    measured.map(({ name, caching: { tokens, cached, repeated } }) => [
      ...[name, tokens, cached.toLocaleString('en-US'), repeated.toLocaleString('en-US')],
      (repeated / cached).toFixed(1),
    ]),
  );
}

async function main(): Promise<void> {
  const measured: Measured[] = [];
  for (const base of bases) measured.push(await measureBase(base));
  console.log(JSON.stringify(measured));
  if (!process.argv.includes('--write')) return;
  await writeSection('factors', factorTable(measured));
  await writeSection('caching', cachingTable(measured));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
