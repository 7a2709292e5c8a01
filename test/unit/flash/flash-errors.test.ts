import { expect, it } from 'vitest';
import {
  driveForbidden,
  driveReadOnly,
  driveUnmountable,
} from '../../../src/node/flash/flash-errors';

const volume = { path: '/media/Anna $(id)/RPI-RP2', device: '/dev/a b' };

it.skipIf(process.platform === 'win32')('commands to paste quote the names of drives', () => {
  const cause = new Error('no');
  const remedies = [
    driveReadOnly({ ...volume, boardId: 'RPI-RP2' }, cause),
    driveForbidden({ ...volume, boardId: 'RPI-RP2' }, 'linux', cause),
    driveUnmountable(volume.device, cause),
  ].map(({ remedy }) => remedy);
  expect(remedies[0]).toContain("sudo mount -o remount,rw '/dev/a b'.");
  expect(remedies[1]).toContain(
    "sudo umount '/media/Anna $(id)/RPI-RP2' && udisksctl mount -b '/dev/a b'.",
  );
  expect(remedies[2]).toContain("sudo mount -o uid=$(id -u) '/dev/a b' /mnt");
});
