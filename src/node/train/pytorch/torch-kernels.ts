import { tensorFormats, type Arithmetic } from '../../../core/model/formats';
import type { Weights } from '../../../core/model/tensors';
import type {
  EvaluationWindow,
  Kernels,
  KernelsFactory,
  KernelsOptions,
  OptimizerMoments,
  StepResult,
  TrainingStep,
} from '../../../core/train/kernels';
import { adamwBetas, ngramRate } from '../../../core/train/optimizer';
import { describeTensors, joinTensors, splitTensors } from './description';
import { launch } from './launch';
import type { TorchPython } from './python';
import { TorchService } from './service';

/** Tokens that one message hands over at most. */
const messageTokens = 2 ** 22;

const mostSteps = 64;

/** The arithmetic of a training in PyTorch, in a process of its own or in several. */
export class TorchKernels implements Kernels {
  readonly stepCapacity: number;

  private constructor(
    private readonly options: KernelsOptions,
    private readonly service: TorchService,
  ) {
    const stepTokens = options.batch * (options.context + 1);
    this.stepCapacity = Math.max(1, Math.min(mostSteps, Math.floor(messageTokens / stepTokens)));
  }

  /** @throws StarmindError */
  static async create(
    torch: TorchPython,
    options: KernelsOptions,
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<TorchKernels> {
    const service = new TorchService(await launch(torch, env));
    try {
      return await TorchKernels.open(service, options);
    } catch (error) {
      await service.dispose();
      throw error;
    }
  }

  /**
   * Puts a model into a program that runs, in the place of the one that it has had.
   * @throws StarmindError
   */
  static async open(service: TorchService, options: KernelsOptions): Promise<TorchKernels> {
    const { architecture, teacher } = options;
    const quantization = options.quantization ?? { weights: 'int8' };
    await service.ask(
      {
        type: 'open',
        architecture,
        tensors: describeTensors(architecture, quantization, options.optimizer ?? 'adamw'),
        cachedPeak: tensorFormats[quantization.kv_cache ?? 'int8'].peak,
        batch: options.batch,
        context: options.context,
        betas: adamwBetas,
        ngramRate: ngramRate[options.optimizer ?? 'adamw'],
        weightDecay: options.weightDecay ?? 0,
        gradientClip: options.gradientClip ?? 0,
        threads: options.threads ?? null,
        teacher: teacher
          ? {
              architecture: teacher.architecture,
              tensors: describeTensors(teacher.architecture, quantization, 'adamw'),
              weight: teacher.weight,
            }
          : null,
      },
      teacher && joinTensors(teacher.architecture, teacher.weights),
    );
    return new TorchKernels(options, service);
  }

  /** Id of the process that Node.js has started. */
  get pid(): number | undefined {
    return this.service.pid;
  }

  async runSteps(steps: readonly TrainingStep[]): Promise<StepResult[]> {
    const described = steps.map(({ number, learningRate, arithmetic }) => ({
      number,
      rate: learningRate,
      arithmetic,
    }));
    const body = await this.service.ask(
      { type: 'steps', steps: described },
      joinTokens(steps.map(({ tokens }) => tokens)),
    );
    const values = doublesOf(body);
    return steps.map((_, index) => ({
      loss: values[index] ?? NaN,
      gradientNorm: values[steps.length + index] ?? NaN,
    }));
  }

  async evaluate(
    windows: readonly EvaluationWindow[],
    arithmetic: Arithmetic,
  ): Promise<Float64Array> {
    if (windows.length === 0) return new Float64Array();
    const described = windows.map(({ tokens, scoreFrom }) => [tokens.length - 1, scoreFrom]);
    const body = joinTokens(windows.map(({ tokens }) => tokens));
    return doublesOf(
      await this.service.ask({ type: 'evaluate', arithmetic, windows: described }, body),
    );
  }

  async readParameters(): Promise<Weights> {
    const [parameters = new Map()] = await this.read(['parameters']);
    return parameters;
  }

  async writeParameters(weights: Weights): Promise<void> {
    await this.write(['parameters'], weights);
  }

  async readMoments(): Promise<OptimizerMoments> {
    const [first = new Map(), second = new Map()] = await this.read(['first', 'second']);
    return { first, second };
  }

  async writeMoments({ first, second }: OptimizerMoments): Promise<void> {
    await this.write(['first', 'second'], first, second);
  }

  dispose(): Promise<void> {
    return this.service.dispose();
  }

  private async read(names: string[]): Promise<Map<string, Float32Array>[]> {
    const body = await this.service.ask({ type: 'read', names });
    return splitTensors(this.options.architecture, body, names.length);
  }

  private async write(names: string[], ...tensors: Weights[]): Promise<void> {
    const body = joinTensors(this.options.architecture, ...tensors);
    await this.service.ask({ type: 'write', names }, body);
  }
}

/** The kernels of a Python that has PyTorch. */
export function torchKernelsFactory(torch: TorchPython): KernelsFactory {
  return (options) => TorchKernels.create(torch, options);
}

function joinTokens(arrays: readonly Uint16Array[]): Uint8Array {
  return Buffer.concat(
    arrays.map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    ),
  );
}

/** A copy: the bytes of a message may begin anywhere. */
function doublesOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer);
}
