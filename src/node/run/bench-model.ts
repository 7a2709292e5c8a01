import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchReport, type BenchReport } from '../../core/bench/report';
import { placed } from '../../core/estimate/placement';
import type { ModelConfig } from '../../core/model/config';
import { bench, waitForHello } from '../board/session';
import { VirtualBoard } from '../board/virtual/virtual-board';
import { buildFirmware } from '../build/build-firmware';
import { exitCodes, StarmindError } from '../starmind-error';
import { firmwareInput } from './build-run';
import { loadModel, type RunFolder } from './folder';
import { benchOnBoard, endedBy, type BoardOptions } from './on-board';
import { requireFit } from './require-fit';
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
 *
 * @throws StarmindError `model.too-large`, `interrupted`, and those of building and of boards
 */
export async function benchModel(
  config: ModelConfig,
  { signal, onProgress }: Omit<BoardOptions, 'board'> = {},
): Promise<BenchReport> {
  requireFit(config);
  const { architecture, quantization, target } = config;
  const image = untrainedImage(architecture, quantization, placed(config).streamed);
  const outFolder = await mkdtemp(join(tmpdir(), 'starmind-bench-'));
  try {
    const { uf2 } = await buildFirmware(firmwareInput({ config, image }), {
      ...{ board: target.board, outFolder, signal },
      ...(onProgress ? { onLine: onProgress } : {}),
    });
    const board = new VirtualBoard(await readFile(uf2));
    onProgress?.(`starting ${board.name}`);
    await board.open();
    try {
      await endedBy(signal, board, waitForHello(board));
      const records = await endedBy(signal, board, bench(board));
      return whole(benchReport(records, architecture, target.clock_mhz));
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
