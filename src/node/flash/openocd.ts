import { toolFailed, type OutOfReach } from './errors';
import type { FlashJob, FlashMethod } from './job';

/** Kilohertz of the debug wire: what the Debug Probe manages over its cable. */
const adapterSpeed = 5000;

/**
 * Flashes through a debug probe with OpenOCD.
 *
 * @param reason why nothing else can be used
 * @returns undefined when there is no OpenOCD, no probe, or more than one board that the probe may
 *   be wired to
 * @throws OutOfReach `flash.openocd`
 */
export async function flashWithOpenocd(
  { host, before, segments, signal, contents: flash, tell }: FlashJob,
  reason: OutOfReach,
): Promise<FlashMethod | undefined> {
  const openocd = host.findProgram('openocd');
  const count = (...kinds: string[]) => before.filter(({ kind }) => kinds.includes(kind)).length;
  if (!openocd || count('probe') !== 1 || count('serial', 'bootloader') !== 1) return undefined;
  tell({ step: 'openocd', message: 'Flashing through the debug probe' });
  flash.state = 'incomplete';
  const files = segments.map(({ data }) => data);
  await host.withFiles(files, '.bin', async (paths) => {
    const programs = segments.map(({ address }, index) => {
      const last = index === segments.length - 1 ? ' reset exit' : '';
      // Braces keep blanks; OpenOCD's language takes backslashes for escapes.
      const path = `{${(paths[index] ?? '').replaceAll('\\', '/')}}`;
      return `program ${path} verify${last} 0x${address.toString(16)}`;
    });
    const args = [
      ...['-f', 'interface/cmsis-dap.cfg', '-f', 'target/rp2040.cfg'],
      ...[`adapter speed ${adapterSpeed}`, ...programs].flatMap((command) => ['-c', command]),
    ];
    const { status, output } = await host.run(openocd, args, { signal });
    if (status !== 0) throw toolFailed('openocd', output, reason, host.platform);
  });
  flash.state = 'complete';
  return 'openocd';
}
