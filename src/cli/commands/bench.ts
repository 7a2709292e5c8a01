import { exitCodes, StarmindError } from '../../node/starmind-error';
import { loadModel, requireRun } from '../../node/run/folder';
import { benchOnBoard } from '../../node/run/on-board';
import type { CommandContext } from '../context';
import { grouped } from '../../core/text';
import { table } from '../output';

interface KernelTiming {
  name: string;
  rows: number;
  cols: number;
  cycles_per_mac: number;
}

/** `starmind bench RUN --board BOARD`: cycles of each matrix, and of tokens as the context fills. */
export async function benchBoard(
  { output, signal }: CommandContext,
  path: string,
  options: { board: string },
): Promise<void> {
  const run = requireRun(path);
  const { config } = await loadModel(run.model);
  const measurements = await benchOnBoard(run, {
    board: options.board,
    signal,
    onProgress: (line) => output.progress(line),
  });
  const kernels: KernelTiming[] = [];
  let matrices = 0;
  const contexts: { context: number; cycles: number }[] = [];
  let sampler = 0;
  let barrier = 0;
  let stacks: Partial<Record<'peak_stack' | 'peak_second_stack', unknown>> = {};
  for (const measured of measurements) {
    const { kernel, rows, columns, context, logits, cores, cycles } = measured;
    const { peak_stack, peak_second_stack } = measured;
    const count = Number(cycles);
    if (typeof context === 'number') contexts.push({ context, cycles: count });
    else if (typeof logits === 'number') sampler = count;
    else if (typeof cores === 'number') barrier = count;
    else if (typeof peak_stack === 'number') stacks = { peak_stack, peak_second_stack };
    else {
      const [height, width] = [Number(rows), Number(columns)];
      const cycles_per_mac = count / (height * width);
      // The benchmark measures one layer for all; the classifier exists once.
      matrices += kernel === 'classifier' ? count : count * config.architecture.n_layers;
      kernels.push({ name: String(kernel), rows: height, cols: width, cycles_per_mac });
    }
  }
  const middle = contexts[Math.floor(contexts.length / 2)];
  if (!middle) {
    throw new StarmindError(
      'board.bench',
      exitCodes.board,
      'The board sent no measurement of whole tokens.',
      'Flash firmware of this version of Starmind.',
    );
  }
  output.text(
    table([
      ['matrix', 'rows', 'columns', 'cycles a MAC'],
      ...kernels.map(({ name, rows, cols, cycles_per_mac }) => [
        name,
        String(rows),
        String(cols),
        cycles_per_mac.toFixed(2),
      ]),
    ]),
  );
  output.text();
  output.text(
    table([
      ['context', 'cycles a token'],
      ...contexts.map(({ context, cycles }) => [String(context), grouped(cycles)]),
    ]),
  );
  output.text(
    `\nAt context ${middle.context}: ${grouped(matrices)} cycles in matrices, ${grouped(middle.cycles - matrices)} in attention, norms and activations; ${grouped(sampler)} more to sample.`,
  );
  output.result({
    cycles_per_token: middle.cycles,
    context: middle.context,
    by_part: { matrices, rest: middle.cycles - matrices, sampling: sampler },
    by_context: contexts,
    barrier,
    ...stacks,
    kernels,
    emulated: options.board === 'virtual',
  });
}
