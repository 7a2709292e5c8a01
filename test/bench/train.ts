/**
 * `node test/bench/run.mjs train -- [--seconds 4] [--threads 2] [--build plain] [--shape NAME]
 * [--python PROGRAM]`: the speed of the built-in trainer, one shape after the other, as JSON. Steps in
 * device arithmetic take turns with steps in float, so that their cost holds on a busy machine. Where
 * Python has PyTorch, it trains the same shapes, each with the optimiser AdamW, and the ratio of the
 * speeds is printed. PyTorch of Debian (python3-torch) needs libopenblas0-pthread: with the
 * reference BLAS it is several times slower.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Architecture } from '../../src/core/model/config';
import { withDefaults } from '../../src/core/model/defaults';
import { weightFormats, type Arithmetic, type WeightFormat } from '../../src/core/model/formats';
import { initialWeights } from '../../src/core/train/initialise';
import { packageRoot } from '../../src/node/assets';
import { WasmKernels } from '../../src/node/train/wasm-kernels';

const { values: options } = parseArgs({
  args: process.argv.slice(2).filter((option) => option !== '--'),
  options: {
    seconds: { type: 'string', default: '4' },
    threads: { type: 'string', default: '2' },
    build: { type: 'string' },
    shape: { type: 'string' },
    python: { type: 'string' },
  },
});
const seconds = Number(options.seconds);
const threads = Number(options.threads);

interface Shape {
  architecture: Architecture;
  batch: number;
  context: number;
}

function shapeOf(
  sizes: Omit<Parameters<typeof withDefaults>[0]['architecture'], 'max_seq_len'>,
  batch: number,
  context: number,
): Shape {
  const file = { version: 1, architecture: { ...sizes, max_seq_len: context } } as const;
  return { architecture: withDefaults(file, 'train').architecture, batch, context };
}

const small = { vocab_size: 512, n_layers: 5, n_heads: 8, n_kv_heads: 4 };

/** The study's two shapes, and two that are larger. */
const shapes: Record<string, Shape> = {
  'dim 8': shapeOf({ vocab_size: 256, dim: 8, hidden_dim: 192, n_layers: 2, n_heads: 4 }, 32, 48),
  'dim 2': shapeOf({ vocab_size: 64, dim: 2, hidden_dim: 128, n_layers: 1, n_heads: 2 }, 64, 32),
  stories260K: shapeOf({ ...small, dim: 64, hidden_dim: 172 }, 8, 256),
  '1M': shapeOf({ ...small, dim: 128, hidden_dim: 384 }, 8, 256),
};

/** Groups of steps of one arithmetic are about this long. */
const groupSeconds = 0.1;

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Of processor time there is less doubt on a machine that does other work too. */
interface TokensPer {
  second: number;
  cpu_second: number;
}

interface Spent {
  speeds: number[];
  tokens: number;
  cpuSeconds: number;
}

/** Runs groups of steps, one arithmetic after the other. */
async function takeTurns(
  kernels: WasmKernels,
  { architecture, batch, context }: Shape,
): Promise<Record<Arithmetic, Spent>> {
  const tokens = Uint16Array.from(
    { length: batch * (context + 1) },
    (_, i) => (i * i) % architecture.vocab_size,
  );
  const spent: Record<Arithmetic, Spent> = {
    float: { speeds: [], tokens: 0, cpuSeconds: 0 },
    device: { speeds: [], tokens: 0, cpuSeconds: 0 },
  };
  let groupSize = 1;
  let number = 1;
  const end = performance.now() + seconds * 1000;
  for (let turn = 0; performance.now() < end || turn < 6; turn++) {
    const arithmetic = turn % 2 === 0 ? 'float' : 'device';
    const group = Array.from({ length: groupSize }, () => ({
      ...({ number: number++, learningRate: 1e-3, arithmetic, tokens } as const),
    }));
    const start = performance.now();
    const before = process.cpuUsage();
    await kernels.runSteps(group);
    const { user, system } = process.cpuUsage(before);
    const took = (performance.now() - start) / 1000;
    // The first group of each compiles the code.
    if (turn >= 2) {
      spent[arithmetic].speeds.push((groupSize * batch * context) / took);
      spent[arithmetic].tokens += groupSize * batch * context;
      spent[arithmetic].cpuSeconds += (user + system) / 1e6;
    }
    if (arithmetic === 'device') {
      const fitting = Math.floor((groupSize * groupSeconds) / took);
      groupSize = Math.max(1, Math.min(kernels.stepCapacity, fitting));
    }
  }
  return spent;
}

const cpuPerToken = ({ tokens, cpuSeconds }: Spent) => cpuSeconds / tokens;

const speedsOf = (spent: Spent): TokensPer => ({
  second: Math.round(median(spent.speeds)),
  cpu_second: Math.round(1 / cpuPerToken(spent)),
});

const inHundredths = (ratio: number) => Math.round(100 * ratio) / 100;

async function measure(shape: Shape, weights: WeightFormat) {
  const { architecture, batch, context } = shape;
  const kernels = await WasmKernels.create({
    ...{ architecture, batch, context, threads, gradientClip: 1 },
    quantization: { weights },
    ...(options.build === 'plain' ? { build: options.build } : {}),
  });
  await kernels.writeParameters(initialWeights(architecture, 1));
  const { float, device } = await takeTurns(kernels, shape);
  await kernels.dispose();
  return {
    float: speedsOf(float),
    aware: {
      ...speedsOf(device),
      cost_of_a_float_step: inHundredths(cpuPerToken(device) / cpuPerToken(float)),
    },
  };
}

/** Debian's own Python has the packages of apt, whichever Python is first on the path. */
const pythons = options.python === undefined ? ['python3', '/usr/bin/python3'] : [options.python];

interface PyTorchSpeeds {
  /** Of PyTorch, with the library that multiplies its matrices; or why there is none. */
  about: Record<string, string>;
  tokensPer: Record<string, TokensPer>;
}

function measurePyTorch(chosen: Record<string, Shape>): PyTorchSpeeds {
  const script = join(packageRoot(), 'test', 'bench', 'train-pytorch.py');
  const input = JSON.stringify({ threads, seconds, shapes: chosen });
  const reasons: string[] = [];
  for (const python of pythons) {
    const { status, stdout, stderr, error } = spawnSync(python, [script], {
      ...{ input, encoding: 'utf8' },
    });
    if (status === 0) {
      const { shapes: tokensPer, ...about } = JSON.parse(stdout) as {
        version: string;
        blas: string;
        shapes: Record<string, TokensPer>;
      };
      if (about.blas !== 'blas') return { about, tokensPer };
      const warning = 'This is the reference BLAS: apt-get install libopenblas0-pthread.';
      return { about: { ...about, warning }, tokensPer };
    }
    const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}`;
    reasons.push(`${python}: ${reason}`);
  }
  const remedy =
    'Install PyTorch (Debian: apt-get install python3-torch libopenblas0-pthread), or name a Python that has it with --python.';
  return { about: { missing: `${reasons.join('; ')}. ${remedy}` }, tokensPer: {} };
}

async function compare(): Promise<void> {
  const chosen = Object.fromEntries(
    Object.entries(shapes).filter(([name]) => (options.shape ?? name) === name),
  );
  if (Object.keys(chosen).length === 0) {
    throw new Error(`Name a shape: ${Object.keys(shapes).join(', ')}.`);
  }
  const built: Record<string, Awaited<ReturnType<typeof measure>>[]> = {};
  for (const [name, shape] of Object.entries(chosen)) {
    for (const format of weightFormats) (built[name] ??= []).push(await measure(shape, format));
  }
  const pytorch = measurePyTorch(chosen);
  const rows = Object.entries(built).map(([name, byFormat]) => {
    const float = {
      second: median(byFormat.map((each) => each.float.second)),
      cpu_second: median(byFormat.map((each) => each.float.cpu_second)),
    };
    const other = pytorch.tokensPer[name];
    const row = {
      float_tokens_per: float,
      aware_tokens_per: Object.fromEntries(
        byFormat.map(({ aware }, i) => [weightFormats[i], aware]),
      ),
      ...(other && {
        pytorch_tokens_per: other,
        times_pytorch: {
          second: inHundredths(float.second / other.second),
          cpu_second: inHundredths(float.cpu_second / other.cpu_second),
        },
      }),
    };
    return [name, row] as const;
  });
  const about = { node: process.version, threads, pytorch: pytorch.about };
  process.stdout.write(
    `${JSON.stringify({ ...about, shapes: Object.fromEntries(rows) }, null, 2)}\n`,
  );
}

compare().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
