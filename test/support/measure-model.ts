import { arenaBytes } from '../../src/core/estimate/arena';
import { residentWeights } from '../../src/core/estimate/estimate';
import { placed } from '../../src/core/estimate/placement';
import { benchReport } from '../../src/core/bench/report';
import { planImage } from '../../src/core/export/layout';
import type { LinkedSizes } from '../../src/core/estimate/linked';
import type { ModelConfig } from '../../src/core/model/config';
import { bench, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { untrainedImage } from '../../src/node/run/untrained-image';
import { anyModelPool } from '../../src/node/build/any-model';
import { boardWithImage, buildShared } from './firmware';

/** The firmware's measurements of a model, in cycles. */
export interface MeasuredModel {
  /** Cycles of forward passes, in the order of their contexts. */
  tokens: { context: number; cycles: number }[];
  /** Cycles of drawing one token from the logits. */
  sampling: number;
}

/** Measures an untrained model on the virtual Pico with firmware as users build it. */
export async function measureModel(
  config: ModelConfig,
): Promise<MeasuredModel & { sizes: LinkedSizes }> {
  const { architecture, target } = config;
  const model = placed(config);
  const buffers = {
    arenaBytes: arenaBytes(model).total,
    weightsBytes: residentWeights(config),
  };
  const { uf2, sizes } = await buildShared(
    untrainedImage(architecture, config.quantization, model.streamed),
    buffers,
    target.cores,
  );
  return { sizes, ...(await measureOn(new VirtualBoard(uf2), config)) };
}

/** Whether the program for any model has room for the weights of one, which it else leaves in flash. */
export function fitsPool(config: ModelConfig): boolean {
  return arenaBytes(config).total + planImage(config, 0).weightsBytes <= anyModelPool;
}

/** Measures an untrained model with the program for any model, which needs no build. */
export function measureInPool(config: ModelConfig, program: Uint8Array): Promise<MeasuredModel> {
  const image = untrainedImage(config.architecture, config.quantization);
  return measureOn(boardWithImage(program, image), config);
}

async function measureOn(
  board: VirtualBoard,
  { architecture, target }: ModelConfig,
): Promise<MeasuredModel> {
  await board.open();
  try {
    await waitForHello(board);
    const report = benchReport(await bench(board), architecture, target.clock_mhz);
    if (!report) throw new Error('The firmware measured no token.');
    return { tokens: report.by_context, sampling: report.sampling };
  } finally {
    await board.close();
  }
}
