import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchReport, type BenchReport } from '../../core/bench/report';
import { arenaBytes } from '../../core/estimate/arena';
import { sectionBytes } from '../../core/export/layout';
import type { ModelConfig } from '../../core/model/config';
import { bench, waitForHello } from '../board/session';
import { VirtualBoard } from '../board/virtual/virtual-board';
import { buildFirmware } from '../build/build-firmware';
import { exitCodes, StarmindError } from '../starmind-error';
import { benchOnBoard, type BoardOptions } from './on-board';
import { loadModel, type RunFolder } from './folder';
import { untrainedImage } from './untrained-image';

/** Lets a board measure the model of a run. @throws StarmindError `board.bench` */
export async function benchRun(run: RunFolder, options: BoardOptions): Promise<BenchReport> {
  const { config } = await loadModel(run.model);
  const records = await benchOnBoard(run, options);
  return whole(benchReport(records, config.architecture, config.target.clock_mhz));
}

/**
 * Measures a model on the virtual Pico that nobody has trained: as fast as a trained one. Builds its
 * firmware as users do.
 */
export async function benchModel(
  config: ModelConfig,
  { signal, onProgress }: Omit<BoardOptions, 'board'> = {},
): Promise<BenchReport> {
  const { architecture, quantization, target } = config;
  const outFolder = await mkdtemp(join(tmpdir(), 'starmind-bench-'));
  try {
    const input = {
      image: untrainedImage(architecture, quantization),
      buffers: {
        arenaBytes: arenaBytes(config).total,
        weightsBytes: target.weights === 'sram' ? sectionBytes(config, 'weights') : 0,
      },
      clockMhz: target.clock_mhz,
      cores: target.cores,
    };
    const { uf2 } = await buildFirmware(input, {
      ...{ board: target.board, outFolder, signal },
      ...(onProgress ? { onLine: onProgress } : {}),
    });
    const board = new VirtualBoard(await readFile(uf2));
    await board.open();
    try {
      await waitForHello(board);
      return whole(benchReport(await bench(board), architecture, target.clock_mhz));
    } finally {
      await board.close();
    }
  } finally {
    await rm(outFolder, { recursive: true, force: true });
  }
}

function whole(report: BenchReport | undefined): BenchReport {
  if (report) return report;
  throw new StarmindError(
    'board.bench',
    exitCodes.board,
    'The board sent no measurement of whole tokens.',
    'Flash firmware of this version of Starmind.',
  );
}
