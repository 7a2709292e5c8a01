// Training speed of the built-in trainer at the shapes of DESIGN.md, as one JSON object.
// Needs `npm run build`. node test/bench/train.mjs [--seconds 4] [--threads N] [--build plain] [--quantized] [--shape NAME]
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    threads: { type: 'string', default: '2' },
    build: { type: 'string' },
    quantized: { type: 'boolean', default: false },
    shape: { type: 'string' },
  },
});

const shared = {
  norm: 'rmsnorm',
  position: 'rope',
  activation: 'silu',
  gated: true,
  tie_embeddings: true,
};

/** Architecture, batch and context. */
const shapes = {
  'dim 8': [
    {
      vocab_size: 256,
      dim: 8,
      hidden_dim: 192,
      n_layers: 2,
      n_heads: 4,
      n_kv_heads: 4,
      head_dim: 2,
    },
    32,
    48,
  ],
  'dim 2': [
    {
      vocab_size: 64,
      dim: 2,
      hidden_dim: 128,
      n_layers: 1,
      n_heads: 2,
      n_kv_heads: 2,
      head_dim: 1,
    },
    64,
    32,
  ],
  stories260K: [
    {
      vocab_size: 512,
      dim: 64,
      hidden_dim: 172,
      n_layers: 5,
      n_heads: 8,
      n_kv_heads: 4,
      head_dim: 8,
    },
    8,
    256,
  ],
  '1M': [
    {
      vocab_size: 512,
      dim: 128,
      hidden_dim: 384,
      n_layers: 5,
      n_heads: 8,
      n_kv_heads: 4,
      head_dim: 16,
    },
    8,
    256,
  ],
};

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

async function bundleTrainer() {
  const bundle = { absWorkingDir: root, bundle: true, platform: 'node', format: 'cjs' };
  await esbuild.build({
    ...bundle,
    entryPoints: ['src/node/train/worker.ts'],
    outfile: 'dist/train-worker.js',
  });
  await esbuild.build({
    ...bundle,
    stdin: {
      contents: `export { WasmKernels } from './src/node/train/wasm-kernels';
        export { initialWeights } from './src/core/train/initialise';`,
      resolveDir: root,
    },
    outfile: 'dist/bench/train.js',
  });
  return createRequire(import.meta.url)(`${root}/dist/bench/train.js`);
}

async function measure({ WasmKernels, initialWeights }, [sizes, batch, context]) {
  const architecture = { ...shared, ...sizes, max_seq_len: context };
  const kernels = await WasmKernels.create({
    architecture,
    batch,
    context,
    gradientClip: 1,
    threads: Number(options.threads),
    build: options.build,
  });
  await kernels.writeParameters(initialWeights(architecture, 1));
  const tokens = Uint16Array.from(
    { length: batch * (context + 1) },
    (_, i) => (i * i) % architecture.vocab_size,
  );
  const speeds = [];
  let tokensDone = 0;
  const cpuBefore = process.cpuUsage();
  let groupSize = 1;
  let number = 1;
  const end = performance.now() + Number(options.seconds) * 1000;
  while (performance.now() < end) {
    const group = Array.from({ length: groupSize }, () => ({
      number: number++,
      learningRate: 1e-3,
      arithmetic: options.quantized ? 'device' : 'float',
      tokens,
    }));
    const start = performance.now();
    await kernels.runSteps(group);
    const seconds = (performance.now() - start) / 1000;
    tokensDone += groupSize * batch * context;
    speeds.push((groupSize * batch * context) / seconds);
    groupSize = Math.max(
      1,
      Math.min(kernels.stepCapacity, Math.floor((groupSize * 0.1) / seconds)),
    );
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  await kernels.dispose();
  return {
    tokens_per_second: Math.round(median(speeds)),
    // More meaningful than wall time on a machine that others use too.
    tokens_per_cpu_second: Math.round(tokensDone / ((user + system) / 1e6)),
  };
}

const trainer = await bundleTrainer();
const results = {};
for (const [name, shape] of Object.entries(shapes)) {
  if (options.shape && options.shape !== name) continue;
  results[name] = await measure(trainer, shape);
}
process.stdout.write(
  `${JSON.stringify({ node: process.version, ...options, shapes: results }, null, 2)}\n`,
);
