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

const choose = (files: Record<string, string>, name?: string, hasOpenocd = false) =>
  chooseTarget(name, fakeSystem({ files }), () => hasOpenocd);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'starmind-target-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe('the chosen board', () => {
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

describe('a board that is wired to a debug probe is chosen', () => {
  test.each(['/dev/ttyACM1', 'E663', 'e663'])("by the probe's name %s", async (name) => {
    expect(await choose({ ...pico, ...probe }, name)).toMatchObject({ kind: 'probe', id: 'E663' });
  });

  test('where there is no other board, and OpenOCD is installed', async () => {
    expect(await choose(probe, undefined, true)).toMatchObject({ kind: 'probe' });
    await expect(choose(probe)).rejects.toMatchObject({
      ...{ code: 'flash.no-board', exitCode: 4 },
      remedy: expect.stringContaining('OpenOCD') as string,
    });
    const another = linuxPort('ttyACM2', { product: '000c', serial: 'E664' });
    await expect(choose({ ...probe, ...another }, undefined, true)).rejects.toMatchObject({
      code: 'flash.several-boards',
    });
  });
});

describe('the listed board is chosen by other names of its port', () => {
  const listed = { kind: 'serial', id: 'E660', serialNumber: 'E660', chip: 'RP2350' };

  test('a link, on Linux', async () => {
    const link = '/dev/serial/by-id/usb-Raspberry_Pi_Pico_E660-if00';
    const system = fakeSystem({
      files: linuxPort('ttyACM0', { product: '0009', serial: 'E660' }),
      links: { [link]: '/dev/ttyACM0' },
    });
    expect(await chooseTarget(link, system)).toMatchObject({ ...listed, port: '/dev/ttyACM0' });
  });

  test('the call-out name, on macOS', async () => {
    const port = '/dev/tty.usbmodem101';
    const system = fakeSystem({
      platform: 'darwin',
      ports: [{ path: port, vendorId: '2e8a', productId: '0009', serialNumber: 'E660' }],
    });
    const target = await chooseTarget('/dev/cu.usbmodem101', system);
    expect(target).toMatchObject({ ...listed, port });
  });

  test('in either case, on Windows', async () => {
    const ports = [
      { path: 'COM3', vendorId: '2E8A', productId: '0009', serialNumber: 'E660' },
      { path: 'COM7', vendorId: '239A', productId: '80F1', friendlyName: 'Feather (COM7)' },
    ];
    const system = fakeSystem({ platform: 'win32', ports });
    expect(await chooseTarget('com3', system)).toMatchObject({ ...listed, port: 'COM3' });
    // Of another maker, but the user named it.
    expect(await chooseTarget('com7', system)).toMatchObject({ kind: 'serial', port: 'COM7' });
    await expect(chooseTarget('COM9', system)).rejects.toMatchObject({ code: 'flash.no-board' });
  });
});

describe('no board is chosen', () => {
  test('where there is none', async () => {
    await expect(choose({})).rejects.toMatchObject({ code: 'flash.no-board', exitCode: 4 });
  });

  test('where there are several', async () => {
    await expect(choose({ ...pico, ...drive })).rejects.toMatchObject({
      code: 'flash.several-boards',
      message: expect.stringContaining('E660, /media/RPI-RP2') as string,
    });
  });

  test('by a name that no board has', async () => {
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
