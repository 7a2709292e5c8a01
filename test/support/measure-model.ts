import { arenaBytes } from '../../src/core/estimate/arena';
import { planImage } from '../../src/core/export/layout';
import type { ModelConfig } from '../../src/core/model/config';
import { bench, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { untrainedImage } from '../bench/untrained-image';
import { buildShared } from './firmware';

/** The firmware's measurements of a model, in cycles. */
export interface MeasuredModel {
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
  const { uf2 } = await buildShared(untrainedImage(architecture), buffers, target.cores);
  const board = new VirtualBoard(uf2);
  await board.open();
  try {
    await waitForHello(board);
    const measured: MeasuredModel = { tokens: [], sampling: 0 };
    for (const { context, logits, cycles } of await bench(board)) {
      if (typeof logits === 'number') measured.sampling = Number(cycles);
      if (typeof context === 'number') measured.tokens.push({ context, cycles: Number(cycles) });
    }
    return measured;
  } finally {
    await board.close();
  }
}
