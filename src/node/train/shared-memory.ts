import type { Architecture, StoredFormats } from '../../core/model/config';
import { formatCode, tensorFormats } from '../../core/model/formats';
import { matrixFormat } from '../../core/model/matrix-formats';
import { tensorEntries } from '../../core/model/tensor-table';
import { ngramFormat, ngramRowBits, type NgramTables } from '../../core/model/ngram';
import { ngramTargets, optimizers, optionCode } from '../../core/model/options';
import type { Optimizer } from '../../core/model/options';
import { ropeTheta } from '../../core/model/tensors';
import { exitCodes, StarmindError } from '../starmind-error';
import { instantiateTrainer } from './wasm-module';

/** Parameters of a trainer's layout. */
export interface TrainerShape {
  architecture: Architecture;
  /** Formats of the matrices in device arithmetic. */
  quantization: StoredFormats;
  optimizer: Optimizer;
  /** Sequences of a step. */
  batch: number;
  /** Tokens of a training sequence. */
  context: number;
  threads: number;
  /** Shape of the model whose distribution the training follows. */
  teacher?: Architecture | undefined;
}

/**
 * Gradient slots of a step, which the threads share. Their number is independent of the number of
 * threads, so that results are too; more slots share more evenly and need more memory.
 */
const gradientSlots = 8;

/** Most tokens of one pass, unless one sequence has more: its activations stay in cache. */
const passTokens = 256;

const maxStepsAtOnce = 64;
const maxWindowsAtOnce = 1024;

/** Token ids handed over at once, unless one step has more. */
const maxTokensAtOnce = 1 << 18;

const pageBytes = 65_536;
const maxPages = 32_768;

/** Capacities of the hand-over areas. */
export interface Capacities {
  steps: number;
  windows: number;
  tokens: number;
}

function capacitiesOf({ architecture, batch, context }: TrainerShape): Capacities {
  const stepTokens = batch * (context + 1);
  const fitting = Math.floor(maxTokensAtOnce / stepTokens);
  return {
    steps: Math.max(1, Math.min(maxStepsAtOnce, fitting)),
    windows: maxWindowsAtOnce,
    tokens: Math.max(maxTokensAtOnce, stepTokens, architecture.max_seq_len + 1),
  };
}

/** The fields of trainer_geometry in trainer.h, in its order. */
function geometryOf(shape: TrainerShape, capacities: Capacities): number[] {
  const { architecture, quantization, batch, context, threads } = shape;
  const parameters = tensorEntries.filter(
    ({ name, kind }) => name !== undefined && kind !== 'hashed',
  );
  const slots = Math.min(batch, gradientSlots);
  const passSequences = Math.max(1, Math.floor(passTokens / context));
  return [
    ...shapeWords(architecture),
    ...parameters.map((entry) => formatCode(matrixFormat(quantization, entry))),
    optimizers.indexOf(shape.optimizer),
    tensorFormats[quantization.kv_cache ?? 'int8'].peak,
    batch,
    context,
    slots,
    Math.min(passSequences, Math.ceil(batch / slots)),
    threads,
    capacities.steps,
    capacities.windows,
    capacities.tokens,
    ...(shape.teacher ? shapeWords(shape.teacher) : noShape),
  ];
}

/** The fields of architecture in architecture.h, in its order. */
function shapeWords(architecture: Architecture): number[] {
  return [
    architecture.vocab_size,
    architecture.dim,
    architecture.hidden_dim,
    architecture.n_layers,
    architecture.n_heads,
    architecture.n_kv_heads,
    architecture.head_dim,
    architecture.max_seq_len,
    optionCode('norm', architecture.norm),
    optionCode('position', architecture.position),
    optionCode('activation', architecture.activation),
    architecture.gated ? 1 : 0,
    architecture.tie_embeddings ? 1 : 0,
    ...ngramWords(architecture.ngram_tables),
  ];
}

/** Words of a set of layers: LAYER_WORDS of architecture.h. */
const layerWords = 8;

/** The fields of ngram_shape in architecture.h, in its order. */
function ngramWords(tables: NgramTables | undefined): number[] {
  if (!tables) return Array.from({ length: layerWords + 6 }, () => 0);
  const layers = new Uint32Array(layerWords);
  for (const layer of tables.layers) {
    layers[layer >> 5] = (layers[layer >> 5] ?? 0) | (1 << (layer & 31));
  }
  const { peak, rowScale } = tensorFormats[ngramFormat(tables)];
  return [
    tables.orders.reduce((set, order) => set | (1 << order), 0),
    ...layers,
    ngramRowBits(tables),
    tables.width,
    ngramTargets.indexOf(tables.into),
    peak,
    floatBits(rowScale.divisor),
  ];
}

/** A float as the word that holds it. */
function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;
}

const noShape: readonly number[] = Array.from({ length: 13 + layerWords + 6 }, () => 0);

/** The fields of shared_regions in trainer.h, in its order. */
const regionFields = [
  'parameterCount',
  'ropeStride',
  'parameters',
  'gradients',
  'firstMoments',
  'secondMoments',
  'ropeCosine',
  'ropeSine',
  'tokens',
  'steps',
  'results',
  'windows',
  'nats',
  'quantized',
  'teacherParameters',
  'teacherCosine',
  'teacherSine',
  'tables',
  'tableFirstMoments',
  'tableSecondMoments',
  'ngramGradients',
  'teacherTables',
] as const;

type RegionField = (typeof regionFields)[number];

/** Counts, and addresses in bytes. */
export type SharedRegions = Record<RegionField, number>;

/** A trainer laid out in a memory that workers share. */
export interface SharedTrainer {
  memory: WebAssembly.Memory;
  /** Its address. */
  trainer: number;
  regions: SharedRegions;
  capacities: Capacities;
}

function tooLarge(bytes: number, cause?: unknown): StarmindError {
  const megabytes = Math.ceil(bytes / 2 ** 20);
  return new StarmindError(
    'training.memory',
    exitCodes.input,
    `Training this model takes ${megabytes} MB; the built-in trainer has at most 2048 MB.`,
    'Use a smaller training.batch or training.context, fewer threads, or a smaller model.',
    { cause },
  );
}

/** Makes a memory and lays a trainer out in it. */
export async function shareTrainer(
  module: WebAssembly.Module,
  shape: TrainerShape,
): Promise<SharedTrainer> {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: maxPages, shared: true });
  const kernels = await instantiateTrainer(module, memory);
  const capacities = capacitiesOf(shape);
  const geometry = geometryOf(shape, capacities);
  new Int32Array(memory.buffer, kernels.trainer_geometry_address(), geometry.length).set(geometry);

  const bytes = kernels.trainer_heap_base() + kernels.trainer_bytes();
  const pages = Math.ceil(bytes / pageBytes);
  if (pages > maxPages) throw tooLarge(bytes);
  const missingPages = pages - memory.buffer.byteLength / pageBytes;
  try {
    if (missingPages > 0) memory.grow(missingPages);
  } catch (cause) {
    throw tooLarge(bytes, cause);
  }
  const trainer = kernels.trainer_create();
  const values = new Uint32Array(memory.buffer, trainer, regionFields.length);
  const regions = Object.fromEntries(
    regionFields.map((field, index) => [field, values[index]]),
  ) as SharedRegions;
  const { ropeCosine, ropeSine, teacherCosine, teacherSine } = regions;
  const places = { ropeStride: regions.ropeStride, ropeCosine, ropeSine };
  fillRotations(memory, places, shape.architecture.head_dim);
  if (shape.teacher) {
    const ofTeacher = { ...places, ropeCosine: teacherCosine, ropeSine: teacherSine };
    fillRotations(memory, ofTeacher, shape.teacher.head_dim);
  }
  return { memory, trainer, regions, capacities };
}

/** Cosines and sines of position * theta ** (-2 pair / headDim), [pair][position]. */
function fillRotations(
  memory: WebAssembly.Memory,
  {
    ropeStride,
    ropeCosine,
    ropeSine,
  }: Pick<SharedRegions, 'ropeStride' | 'ropeCosine' | 'ropeSine'>,
  headDim: number,
): void {
  const pairs = Math.floor(headDim / 2);
  const cosines = new Float32Array(memory.buffer, ropeCosine, pairs * ropeStride);
  const sines = new Float32Array(memory.buffer, ropeSine, pairs * ropeStride);
  for (let pair = 0; pair < pairs; pair++) {
    const frequency = ropeTheta ** ((-2 * pair) / headDim);
    for (let position = 0; position < ropeStride; position++) {
      cosines[pair * ropeStride + position] = Math.cos(position * frequency);
      sines[pair * ropeStride + position] = Math.sin(position * frequency);
    }
  }
}
