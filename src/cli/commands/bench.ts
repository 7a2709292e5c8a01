import { benchParts, type BenchReport } from '../../core/bench/report';
import { withDefaults } from '../../core/model/defaults';
import { grouped } from '../../core/text';
import { benchModel, benchRun } from '../../node/run/bench-model';
import { requireRun } from '../../node/run/folder';
import { virtualName } from '../../node/run/on-board';
import { exitCodes, StarmindError } from '../../node/starmind-error';
import type { CommandContext } from '../context';
import { namedPreset } from '../named-preset';
import { table } from '../output';

/**
 * `starmind bench RUN --board BOARD`, or `starmind bench --preset NAME`: cycles of a token by part
 * and by context, and of each matrix.
 */
export async function benchBoard(
  { output, signal }: CommandContext,
  path: string | undefined,
  { board, preset }: { board: string; preset?: string },
): Promise<void> {
  const options = { board, signal, onProgress: (line: string) => output.progress(line) };
  const report =
    preset === undefined
      ? await benchRun(requireRun(named(path)), options)
      : await benchModel(presetModel(preset, path, board), options);
  output.text(describe(report));
  output.result({ ...report, emulated: board === virtualName });
}

function named(path: string | undefined): string {
  if (path !== undefined) return path;
  throw usage(
    'No model is named.',
    'Name a run, starmind bench RUN, or a preset, starmind bench --preset NAME.',
  );
}

/** An untrained model runs on the virtual Pico alone: a board keeps the model that it has. */
function presetModel(name: string, path: string | undefined, board: string) {
  const preset = namedPreset(name);
  if (path !== undefined) {
    throw usage(`Both the run ${path} and the preset ${name} are named.`, 'Name one of them.');
  }
  if (board !== virtualName) {
    throw usage(
      `The preset ${name} cannot be measured on ${board}: nobody has trained it.`,
      'Leave --board out, or train the preset and name its run.',
    );
  }
  return withDefaults(preset.file, preset.name);
}

function usage(message: string, remedy: string): StarmindError {
  return new StarmindError('usage', exitCodes.usage, message, remedy);
}

function describe(report: BenchReport): string {
  const parts = [...benchParts, 'sampling', 'rest'] as const;
  const share = (cycles: number, total: number) => `${((100 * cycles) / total).toFixed(1)} %`;
  const byPart = report.by_part.map((cycles) => {
    const total = parts.reduce((sum, part) => sum + cycles[part], 0);
    return [
      String(cycles.context),
      ...parts.map((part) => `${grouped(cycles[part])} (${share(cycles[part], total)})`),
    ];
  });
  const { peak_stack, peak_second_stack } = report;
  const stacks = [peak_stack, peak_second_stack]
    .filter((bytes) => bytes !== null)
    .map(grouped)
    .join(' and ');
  return [
    table([['context', ...parts], ...byPart]),
    '',
    table([
      ['context', 'cycles a token, before sampling'],
      ...report.by_context.map(({ context, cycles }) => [String(context), grouped(cycles)]),
    ]),
    '',
    table([
      ['matrix', 'rows', 'columns', 'cycles a MAC'],
      ...report.kernels.map(({ name, rows, cols, cycles_per_mac }) => [
        name,
        String(rows),
        String(cols),
        cycles_per_mac.toFixed(2),
      ]),
    ]),
    '',
    ...(report.barrier > 0
      ? [`Dividing work between the cores costs ${report.barrier} cycles.`]
      : []),
    `At context ${report.context}: ${grouped(report.cycles_per_token)} cycles a token, ${report.tokens_per_second.toFixed(1)} tokens/s. Stacks: ${stacks} bytes at the most.`,
  ].join('\n');
}
