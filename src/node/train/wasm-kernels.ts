import { availableParallelism } from 'node:os';
import type { Architecture } from '../../core/model/config';
import type { Arithmetic } from '../../core/model/formats';
import { elementCount, tensorSpecs } from '../../core/model/tensors';
import type { Weights } from '../../core/model/tensors';
import type {
  EvaluationWindow,
  Kernels,
  KernelsFactory,
  KernelsOptions,
  OptimizerMoments,
  StepResult,
  Teacher,
  TrainingStep,
} from '../../core/train/kernels';
import { ngramRate } from '../../core/train/optimizer';
import { fittingWindows, readResults, writeSteps, writeWindows } from './hand-over';
import type { OptimizerSettings } from './hand-over';
import { shareTrainer } from './shared-memory';
import type { SharedTrainer, TrainerShape } from './shared-memory';
import { compileTrainer } from './wasm-module';
import type { WasmBuild } from './wasm-module';
import { WorkerPool } from './worker-pool';

export interface WasmKernelsOptions extends KernelsOptions {
  /** Defaults to the fastest build that the runtime supports. */
  build?: WasmBuild;
}

const defaultThreadLimit = 8;

/** The engine that needs no process but this one. */
export const createWasmKernels: KernelsFactory = (options) => WasmKernels.create(options);

/** The kernels in WebAssembly, on threads of this process. */
export class WasmKernels implements Kernels {
  private constructor(
    private readonly shape: TrainerShape,
    private readonly settings: OptimizerSettings,
    private readonly shared: SharedTrainer,
    private readonly pool: WorkerPool,
  ) {}

  static async create(options: WasmKernelsOptions): Promise<WasmKernels> {
    const { architecture, batch, context, build } = options;
    const quantization = options.quantization ?? { weights: 'int8' };
    const threads = options.threads ?? Math.min(availableParallelism(), defaultThreadLimit);
    const optimizer = options.optimizer ?? 'adamw';
    const teacher = options.teacher?.architecture;
    const shape = { architecture, quantization, optimizer, batch, context, threads, teacher };
    const settings = {
      weightDecay: options.weightDecay ?? 0,
      gradientClip: options.gradientClip ?? 0,
      teacherWeight: options.teacher?.weight ?? 0,
      ngramRate: ngramRate[optimizer],
    };
    const module = await compileTrainer(build);
    const shared = await shareTrainer(module, shape);
    const { memory, trainer } = shared;
    if (options.teacher) writeTeacher(shared, options.teacher);
    return new WasmKernels(
      shape,
      settings,
      shared,
      new WorkerPool(threads, { module, memory, trainer }),
    );
  }

  get stepCapacity(): number {
    return this.shared.capacities.steps;
  }

  async runSteps(steps: readonly TrainingStep[]): Promise<StepResult[]> {
    writeSteps(this.shared, steps, this.settings);
    await this.pool.run({ type: 'steps', count: steps.length });
    return readResults(this.shared, steps.length, this.shape.batch * this.shape.context);
  }

  async evaluate(
    windows: readonly EvaluationWindow[],
    arithmetic: Arithmetic,
  ): Promise<Float64Array> {
    const nats = new Float64Array(windows.length);
    for (let first = 0; first < windows.length;) {
      const count = fittingWindows(this.shared, windows, first);
      if (count === 0) throw new RangeError(`Evaluation window ${first} is too long.`);
      writeWindows(this.shared, windows.slice(first, first + count));
      await this.pool.run({ type: 'evaluate', count, arithmetic });
      const { memory, regions } = this.shared;
      nats.set(new Float64Array(memory.buffer, regions.nats, count), first);
      first += count;
    }
    return nats;
  }

  readParameters(): Promise<Weights> {
    const { parameters, tables } = this.shared.regions;
    return Promise.resolve(this.readTensors(parameters, tables));
  }

  writeParameters(weights: Weights): Promise<void> {
    const { parameters, tables } = this.shared.regions;
    this.writeTensors(weights, parameters, tables);
    return Promise.resolve();
  }

  readMoments(): Promise<OptimizerMoments> {
    const { regions } = this.shared;
    return Promise.resolve({
      first: this.readTensors(regions.firstMoments, regions.tableFirstMoments),
      second: this.readTensors(regions.secondMoments, regions.tableSecondMoments),
    });
  }

  writeMoments({ first, second }: OptimizerMoments): Promise<void> {
    const { regions } = this.shared;
    this.writeTensors(first, regions.firstMoments, regions.tableFirstMoments);
    this.writeTensors(second, regions.secondMoments, regions.tableSecondMoments);
    return Promise.resolve();
  }

  /** Gradients of the last step's mean loss, before clipping; those of tables are kept by token. */
  readGradients(): Weights {
    return this.readTensors(this.shared.regions.gradients);
  }

  /** The parameters as used by the last quantised pass. */
  readQuantized(): Weights {
    return this.readTensors(this.shared.regions.quantized);
  }

  /** Ends the threads; the memory goes with the last reference to it. */
  dispose(): Promise<void> {
    return this.pool.dispose();
  }

  /** @param tables address of the n-gram tables; without it, those are left out */
  private readTensors(address: number, tables?: number): Weights {
    const tensors = new Map<string, Float32Array>();
    // A plain copy: views of shared memory can neither be stored nor posted.
    for (const [name, view] of tensorsAt(this.shared, this.shape.architecture, address, tables))
      tensors.set(name, Float32Array.from(view));
    return tensors;
  }

  private writeTensors(tensors: Weights, address: number, tables: number): void {
    fillTensors(tensorsAt(this.shared, this.shape.architecture, address, tables), tensors);
  }
}

function writeTeacher(shared: SharedTrainer, { architecture, weights }: Teacher): void {
  const { teacherParameters, teacherTables } = shared.regions;
  fillTensors(tensorsAt(shared, architecture, teacherParameters, teacherTables), weights);
}

type TensorViews = Generator<[name: string, view: Float32Array]>;

/**
 * Views of the tensors of a model, which lie one after another from an address on; the n-gram tables
 * from an address of their own, if it is given.
 */
function* tensorsAt(
  { memory }: SharedTrainer,
  architecture: Architecture,
  address: number,
  tables?: number,
): TensorViews {
  let next = address;
  let nextTable = tables;
  for (const spec of tensorSpecs(architecture)) {
    const length = elementCount(spec);
    const bytes = length * Float32Array.BYTES_PER_ELEMENT;
    if (spec.role !== 'ngram') {
      yield [spec.name, new Float32Array(memory.buffer, next, length)];
      next += bytes;
    } else if (nextTable !== undefined) {
      yield [spec.name, new Float32Array(memory.buffer, nextTable, length)];
      nextTable += bytes;
    }
  }
}

function fillTensors(views: TensorViews, tensors: Weights): void {
  for (const [name, view] of views) {
    const values = tensors.get(name);
    if (values?.length !== view.length) throw new RangeError(`Tensor ${name} does not fit.`);
    view.set(values);
  }
}
