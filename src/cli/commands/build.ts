import { buildRun, type BuildReport, type SizePair } from '../../node/run/build-run';
import { requireRun } from '../../node/run/folder';
import type { CommandContext } from '../context';
import { grouped } from '../../core/text';
import { quoted } from '../../node/quoted';
import { buildAndFlash, table } from '../output';

/** `starmind build RUN`. */
export async function build(
  { output, signal }: CommandContext,
  run: string,
  options: { board?: string },
): Promise<void> {
  const report = await buildRun(requireRun(run), {
    board: options.board,
    signal,
    onLine: (line) => output.progress(line),
  });
  output.text(describeBuild(report));
  output.next(
    `starmind run ${quoted(run)} --board virtual --prompt "Once upon a time"`,
    buildAndFlash,
  );
  output.result(report);
}

/** Estimated against linked sizes, part by part. */
export function describeBuild(report: BuildReport): string {
  const row = (name: string, { estimated, linked }: SizePair) => [
    name,
    grouped(estimated),
    grouped(linked),
    estimated === linked ? '' : `${(100 * (linked / estimated - 1)).toFixed(2)} %`,
  ];
  const rows = (memory: BuildReport['sram'], name: string) => [
    row(`${name} (of ${grouped(memory.limit)})`, memory),
    ...Object.entries(memory.parts).map(([part, sizes]) => row(`  ${part}`, sizes)),
  ];
  return [
    table([
      ['bytes', 'estimated', 'linked', 'off by'],
      ...rows(report.sram, 'SRAM'),
      ...rows(report.flash, 'flash'),
    ]),
    `${report.uf2} (${report.seconds.toFixed(1)} s)`,
  ].join('\n');
}
