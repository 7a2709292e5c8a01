import type { DebugProbe } from '../board/find/found-board';
import {
  type OutOfReach,
  openocdMissing,
  probeFailed,
  probesAlike,
  toolFailed,
} from './flash-errors';
import type { FlashTool } from '../toolchain/find-flash-tool';
import type { FlashJob, FlashMethod } from './job';

/** Kilohertz of the debug wire: the speed of the Debug Probe with its cable. */
const adapterSpeed = 5000;

/**
 * Flashes the board that is wired to a debug probe, whether or not it is on USB too.
 *
 * @throws StarmindError `flash.probe`, `flash.openocd-missing`
 */
export async function flashThroughProbe(job: FlashJob, probe: DebugProbe): Promise<FlashMethod> {
  const openocd = job.host.findProgram('openocd');
  if (!openocd) throw openocdMissing(probe.port);
  const failure = await program(job, openocd, probe);
  if (failure !== undefined) throw probeFailed(probe.port, failure, job.host.platform);
  return 'openocd';
}

/**
 * Flashes a board through a debug probe, after every other way has failed.
 *
 * @param reason why no other way works
 * @returns undefined when there is no OpenOCD, no probe, or more than one board that the probe may
 *   be wired to
 * @throws OutOfReach `flash.openocd`
 */
export async function flashWithOpenocd(
  job: FlashJob,
  reason: OutOfReach,
): Promise<FlashMethod | undefined> {
  const { host, before } = job;
  const openocd = host.findProgram('openocd');
  const [probe, ...others] = before.filter((board) => board.kind === 'probe');
  const picos = before.filter(({ kind }) => kind === 'serial' || kind === 'bootloader');
  if (!openocd || !probe || others.length > 0 || picos.length > 1) return undefined;
  const failure = await program(job, openocd, probe);
  if (failure !== undefined) throw toolFailed('openocd', failure, reason, host.platform);
  return 'openocd';
}

/** Writes and verifies all segments; returns OpenOCD's output when it fails. */
async function program(
  { host, before, segments, signal, contents: flash, tell }: FlashJob,
  { path: openocd, scripts }: FlashTool,
  probe: DebugProbe,
): Promise<string | undefined> {
  const isOne = before.filter(({ kind }) => kind === 'probe').length === 1;
  // OpenOCD would choose any of several.
  if (!isOne && probe.serialNumber === undefined) throw probesAlike(probe.port);
  const selection = isOne ? [] : [`adapter serial ${probe.serialNumber}`];
  tell({ step: 'openocd', message: 'Flashing through the debug probe' });
  flash.state = 'incomplete';
  const files = segments.map(({ data }) => data);
  return host.withFiles(files, '.bin', async (paths) => {
    const programs = segments.map(({ address }, index) => {
      const last = index === segments.length - 1 ? ' reset exit' : '';
      // Braces keep blanks; OpenOCD's language treats backslashes as escapes.
      const file = `{${(paths[index] ?? '').replaceAll('\\', '/')}}`;
      return `program ${file} verify${last} 0x${address.toString(16)}`;
    });
    const commands = [...selection, `adapter speed ${adapterSpeed}`, ...programs];
    const args = [
      ...(scripts === undefined ? [] : ['-s', scripts]),
      ...['-f', 'interface/cmsis-dap.cfg', '-f', 'target/rp2040.cfg'],
      ...commands.flatMap((command) => ['-c', command]),
    ];
    const { status, output } = await host.run(openocd, args, { signal });
    if (status !== 0) return output;
    flash.state = 'complete';
    return undefined;
  });
}
