import pc from 'picocolors';
import { estimateModel, type Estimate } from '../../core/estimate/estimate';
import { hasErrors } from '../../core/problem';
import { exitCodes } from '../../node/starmind-error';
import { describeProblem } from '../../node/run/folder';
import { loadModelWithWarnings, modelFileOf, type CommandContext } from '../context';
import { grouped } from '../../core/text';
import { table } from '../output';

/** `starmind estimate FILE`. */
export async function estimate(context: CommandContext, path: string): Promise<void> {
  const { config, warnings } = await loadModelWithWarnings(modelFileOf(path), context);
  const result = estimateModel(config);
  const problems = [...warnings, ...result.problems];
  context.output.text(describeEstimate(result));
  for (const problem of result.problems) {
    if (problem.severity === 'warning') context.output.warning(describeProblem(problem));
    else context.output.note(`${pc.red('error:')} ${describeProblem(problem)}`);
  }
  if (hasErrors(problems)) process.exitCode = exitCodes.input;
  context.output.result({ ...result, problems });
}

/** The estimate as text. */
export function describeEstimate({ parameters, sram, flash, speed }: Estimate): string {
  const bar = memoryBar(sram.parts, sram.limit);
  const rows = [
    ...Object.entries(sram.parts).map(([part, bytes]) => [`  ${part}`, grouped(bytes)]),
    ['  total', grouped(sram.total)],
    [sram.free < 0 ? '  missing' : '  free', grouped(Math.abs(sram.free))],
  ];
  return [
    `Parameters  ${grouped(parameters.total)}`,
    `SRAM        ${grouped(sram.total)} of ${grouped(sram.limit)} bytes  ${bar}`,
    table(rows),
    `Flash       ${grouped(flash.total)} of ${grouped(flash.limit)} bytes`,
    `Speed       ${speed.tokens_per_second.toFixed(1)} tokens/s at ${speed.clock_mhz} MHz and context ${speed.context} (${grouped(speed.cycles_per_token)} cycles a token, estimated)`,
  ].join('\n');
}

/** One letter per 1/40 of the memory: the initial of the part that fills it. */
function memoryBar(parts: object, limit: number): string {
  const cells = 40;
  let filled = 0;
  let bar = '';
  for (const [part, bytes] of Object.entries(parts) as [string, number][]) {
    filled += bytes;
    bar = bar.padEnd(Math.min(cells, Math.round((cells * filled) / limit)), part[0] ?? ' ');
  }
  return `[${bar.padEnd(cells, '.')}]`;
}
