/**
 * `node test/bench/run.mjs distillation`: time of a step with a teacher over that of one without, by
 * the teacher's size. Medians of steps that take turns, so that all meet the same load of the
 * machine. Prints JSON.
 */
import { withDefaults } from '../../src/core/model/defaults';
import type { Architecture } from '../../src/core/model/config';
import { countParameters } from '../../src/core/estimate/parameters';
import { initialWeights } from '../../src/core/train/initialise';
import type { TrainingStep } from '../../src/core/train/kernels';
import { WasmKernels } from '../../src/node/train/wasm-kernels';

const batch = 8;
const context = 128;
const rounds = 15;

const shape = (dim: number, hidden_dim: number, n_layers: number): Architecture =>
  withDefaults(
    {
      version: 1,
      architecture: {
        ...{ vocab_size: 512, dim, hidden_dim, n_layers },
        ...{ n_heads: 8, n_kv_heads: 4, max_seq_len: context },
      },
    },
    'bench',
  ).architecture;

const student = shape(64, 172, 5);
const teachers = [student, shape(128, 344, 5), shape(256, 688, 5)];

const tokens = Uint16Array.from({ length: batch * (context + 1) }, (_, i) => (i * 7919) % 512);
const step = (number: number): TrainingStep => ({
  ...{ number, learningRate: 1e-4, arithmetic: 'float', tokens },
});

function make(teacher?: Architecture): Promise<WasmKernels> {
  return WasmKernels.create({
    ...{ architecture: student, batch, context, optimizer: 'muon', threads: 1 },
    teacher: teacher && { architecture: teacher, weights: initialWeights(teacher, 2), weight: 0.5 },
  });
}

async function time(kernels: WasmKernels, number: number): Promise<number> {
  const began = performance.now();
  await kernels.runSteps([step(number)]);
  return performance.now() - began;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

async function main(): Promise<void> {
  const all = await Promise.all([undefined, ...teachers].map(make));
  const times = all.map(() => [] as number[]);
  for (const kernels of all) await kernels.writeParameters(initialWeights(student, 1));
  for (let number = 1; number <= rounds; number++) {
    for (const [index, kernels] of all.entries()) times[index]?.push(await time(kernels, number));
  }
  for (const kernels of all) await kernels.dispose();
  const [alone = NaN, ...taught] = times.map(median);
  const result = {
    student_parameters: countParameters(student).total,
    milliseconds_alone: Math.round(alone),
    teachers: teachers.map((teacher, index) => ({
      parameters: countParameters(teacher).total,
      times_the_step: Number(((taught[index] ?? NaN) / alone).toFixed(2)),
    })),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

void main();
