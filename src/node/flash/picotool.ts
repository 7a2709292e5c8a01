import { awaitDrive, portOf } from './bootloader';
import { copyToDrive } from './copy';
import { drivesAmong } from './drives';
import { OutOfReach, toolFailed } from './flash-errors';
import type { FlashJob, FlashMethod } from './job';

/**
 * Flashes with picotool, which needs neither the serial port nor a drive: it talks to the boot
 * loader itself, and to the reset interface of programs of the pico-sdk.
 *
 * @param reason why the drive cannot be used
 * @returns undefined when picotool is not installed, or could mistake another board for this one
 * @throws OutOfReach `flash.picotool`
 */
export async function flashWithPicotool(
  job: FlashJob,
  reason: OutOfReach,
): Promise<FlashMethod | undefined> {
  const picotool = job.host.findProgram('picotool')?.path;
  if (!picotool) return undefined;
  const { target } = job;
  if (target.kind === 'serial' && (await portOf(job, target))) {
    const selection = target.serialNumber ? ['--ser', target.serialNumber] : [];
    await run(job, picotool, ['reboot', '-u', '-f', ...selection], reason);
    const drive = await awaitDrive(job, target).catch((error: unknown) => {
      if (error instanceof OutOfReach) return undefined;
      throw error;
    });
    if (drive) {
      await copyToDrive(job, drive);
      return 'volume';
    }
  }
  if (await seesOtherBootLoaders(job)) return undefined;
  job.contents.state = 'incomplete';
  await job.host.withFiles([job.uf2], '.uf2', ([file = '']) =>
    run(job, picotool, ['load', '-v', '-x', file], reason),
  );
  job.contents.state = 'complete';
  return 'picotool';
}

/** All RP2040s have the same serial number in their boot loader. */
async function seesOtherBootLoaders({ host, target, before }: FlashJob): Promise<boolean> {
  const own = target.kind === 'bootloader' ? 1 : 0;
  const others = drivesAmong(before).length - own;
  return others > 0 && drivesAmong(await host.boards()).length > own;
}

async function run(
  { host, signal, tell }: FlashJob,
  picotool: string,
  args: readonly string[],
  reason: OutOfReach,
): Promise<void> {
  tell({ step: 'picotool', message: `picotool ${args[0]}` });
  const onLine = (line: string): void => {
    const percent = /(\d+)%/.exec(line)?.[1];
    if (percent) tell({ step: 'picotool', message: line.trim(), fraction: Number(percent) / 100 });
  };
  const { status, output } = await host.run(picotool, args, { signal, onLine });
  if (status !== 0) throw toolFailed('picotool', output, reason, host.platform);
}
