import { arenaBytes } from '../../src/core/estimate/arena';
import { benchReport } from '../../src/core/bench/report';
import { planImage } from '../../src/core/export/layout';
import type { LinkedSizes } from '../../src/core/estimate/linked';
import type { ModelConfig } from '../../src/core/model/config';
import { bench, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { untrainedImage } from '../../src/node/run/untrained-image';
import { buildShared } from './firmware';

/** The firmware's measurements of a model, in cycles. */
export interface MeasuredModel {
  sizes: LinkedSizes;
  /** Cycles of forward passes, in the order of their contexts. */
  tokens: { context: number; cycles: number }[];
  /** Cycles of drawing one token from the logits. */
  sampling: number;
}

/**
 * Builds the firmware of an untrained model, as users build it, and measures it on the virtual
 * Pico. The program for any model would leave large weights in flash.
 */
export async function measureModel(config: ModelConfig): Promise<MeasuredModel> {
  const { architecture, target } = config;
  const buffers = {
    arenaBytes: arenaBytes(config).total,
    weightsBytes: target.weights === 'sram' ? planImage(config, 0).weightsBytes : 0,
  };
  const { uf2, sizes } = await buildShared(
    untrainedImage(architecture, config.quantization),
    buffers,
    target.cores,
  );
  const board = new VirtualBoard(uf2);
  await board.open();
  try {
    await waitForHello(board);
    const report = benchReport(await bench(board), architecture, target.clock_mhz);
    if (!report) throw new Error('The firmware measured no token.');
    return { sizes, tokens: report.by_context, sampling: report.sampling };
  } finally {
    await board.close();
  }
}
