import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hostSystem } from '../../../src/node/board/find/host-system';
import { chooseTarget } from '../../../src/node/flash/choose-target';
import { hostOf } from '../../../src/node/flash/node-flash-host';
import { bootDrive, fakeSystem, linuxDrive, linuxPort } from '../board/fake-system';

const pico = linuxPort('ttyACM0', { serial: 'E660' });
const probe = linuxPort('ttyACM1', { product: '000c', serial: 'E663' });
const drive = {
  '/proc/mounts': '/dev/sda1 /media/RPI-RP2 vfat rw 0 0\n',
  ...linuxDrive('sda', 'RPI', 'RP2'),
  ...bootDrive('/media/RPI-RP2/'),
};

const choose = (files: Record<string, string>, name?: string) =>
  chooseTarget(name, fakeSystem({ files }));

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'starmind-target-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe('the board that is meant', () => {
  test('is the only one; debug probes and the virtual Pico do not count', async () => {
    expect(await choose({ ...pico, ...probe })).toMatchObject({ kind: 'serial', id: 'E660' });
    expect(await choose({ ...drive, ...probe })).toMatchObject({ kind: 'bootloader' });
  });

  test.each(['E660', 'e660', '/dev/ttyACM0'])('is the running one called %s', async (name) => {
    expect(await choose({ ...pico, ...drive }, name)).toMatchObject({ kind: 'serial' });
  });

  test.each(['/media/RPI-RP2', '/media/RPI-RP2/', '/dev/sda1'])(
    'is the boot loader called %s',
    async (name) => {
      expect(await choose({ ...pico, ...drive }, name)).toMatchObject({ kind: 'bootloader' });
    },
  );

  test('may be at a place that the system does not list', async () => {
    const port = await chooseTarget('/dev/null', fakeSystem({}));
    expect(port).toMatchObject({ kind: 'serial', port: '/dev/null' });
    expect(await hostOf(port).boards()).toContainEqual(port);

    const path = folder();
    writeFileSync(join(path, 'INFO_UF2.TXT'), 'Board-ID: RPI-RP2\n');
    const volume = await chooseTarget(`${path}/`, hostSystem());
    expect(volume).toMatchObject({ kind: 'bootloader', volume: { boardId: 'RPI-RP2' } });
    expect(await hostOf(volume).boards()).toContainEqual(volume);
  });
});

describe('no board is meant', () => {
  test('where there is none', async () => {
    await expect(choose(probe)).rejects.toMatchObject({ code: 'flash.no-board', exitCode: 4 });
  });

  test('where there are several', async () => {
    await expect(choose({ ...pico, ...drive })).rejects.toMatchObject({
      code: 'flash.several-boards',
      message: expect.stringContaining('E660, /media/RPI-RP2') as string,
    });
  });

  test('by a name that none has', async () => {
    await expect(choose(pico, 'E999')).rejects.toMatchObject({
      code: 'flash.no-board',
      remedy: expect.stringContaining('E660') as string,
    });
  });

  test('by a folder that is no drive of a boot loader', async () => {
    const path = folder();
    mkdirSync(join(path, 'photos'));
    await expect(choose(pico, path)).rejects.toMatchObject({ code: 'flash.no-board' });
  });

  test('by the name of the virtual Pico, which each command starts anew', async () => {
    await expect(choose(pico, 'virtual')).rejects.toMatchObject({ code: 'flash.virtual' });
  });
});
