import { describe, expect, test } from 'vitest';
import { readImageHeader } from '../../../src/core/export/image-header';
import { modelUf2 } from '../../../src/core/export/model-uf2';
import type { SerialPico } from '../../../src/node/board/find/found-board';
import { installUdevRules } from '../../../src/node/board/udev';
import type { StarmindError } from '../../../src/node/starmind-error';
import { flashBoard } from '../../../src/node/flash/flash-board';
import { flashImage } from '../../../src/node/flash/flash-image';
import { flashRun } from '../../../src/node/flash/flash-run';
import type { FlashTarget } from '../../../src/node/flash/job';
import { flashPatience } from '../../../src/node/flash/patience';
import type { FlashProgress } from '../../../src/node/flash/progress';
import { runFolder } from '../../../src/node/run/folder';
import { goldenImage, goldenModels } from '../../golden/models';
import { port, SimulatedHost, type Faults } from './simulated-host';

const golden = goldenModels.find(({ name }) => name === 'dim-1');
if (!golden) throw new Error('no golden model');
const image = goldenImage(golden);
const uf2 = modelUf2(image);
const blocks = uf2.length / 512;
const header = readImageHeader(image);
if (!header) throw new Error('no header');
const model = header.contentHash;

const running: SerialPico = {
  ...{ kind: 'serial', id: 'E660', label: 'Pico', port, serialNumber: 'E660' },
};

function flash(
  host: SimulatedHost,
  target: FlashTarget = running,
  onProgress: (progress: FlashProgress) => void = () => undefined,
  signal?: AbortSignal,
) {
  return flashBoard(uf2, target, { host, onProgress, signal, patience: flashPatience });
}

/** The present state of the board after a failure, from which a second try starts. */
async function targetNow(host: SimulatedHost): Promise<FlashTarget> {
  const board = (await host.boards()).find(
    ({ kind }) => kind === 'serial' || kind === 'bootloader',
  );
  if (board?.kind !== 'serial' && board?.kind !== 'bootloader') throw new Error('no board');
  return board;
}

describe('flashing', () => {
  test('asks the firmware, copies, and checks the board that returns under another name', async () => {
    const host = new SimulatedHost(header, uf2.length);
    const steps: string[] = [];
    const fractions: number[] = [];
    const report = await flash(host, running, ({ step, fraction }) => {
      if (steps.at(-1) !== step) steps.push(step);
      if (step === 'copy' && fraction !== undefined) fractions.push(fraction);
      if (step === 'copy') host.portName = '/dev/ttyACM1';
    });
    expect(steps).toEqual(['bootloader', 'drive', 'copy', 'restart', 'check']);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect([fractions[0], fractions.at(-1)]).toEqual([0, 1]);
    expect(report).toMatchObject({
      ...{ board: 'E660', port: '/dev/ttyACM1', method: 'volume', model, bytes: uf2.length },
    });
    expect(host.flashed).toBe(uf2.length);
    expect(host.done).toEqual(['bootsel', 'greet /dev/ttyACM1']);
  });

  test('a board in its boot loader needs no asking', async () => {
    const host = new SimulatedHost(header, uf2.length, true);
    expect(await flash(host, await targetNow(host))).toMatchObject({ method: 'volume', port });
    expect(host.done).toEqual([`greet ${port}`]);
  });

  test('a board that came out of its boot loader is flashed again, named by its port', async () => {
    const host = new SimulatedHost(header, uf2.length, true);
    expect(await flash(host, await targetNow(host))).toMatchObject({ port });
    const named: SerialPico = { kind: 'serial', id: port, label: 'Pico', port };
    expect(await flash(host, named)).toMatchObject({ port });
    expect(await flash(host, await targetNow(host))).toMatchObject({ port, board: 'E660' });
  });

  test('any program obeys the 1200-baud touch', async () => {
    const host = new SimulatedHost(header, uf2.length);
    host.faults = { knowsOnlyTouch: true };
    await flash(host);
    expect(host.done.slice(0, 2)).toEqual(['bootsel', 'touch']);
  });

  test('a touch that fails because the board leaves has worked', async () => {
    const host = new SimulatedHost(header, uf2.length);
    host.faults = { failsTouch: true };
    expect(await flash(host)).toMatchObject({ method: 'volume' });
    expect(host.done.slice(0, 2)).toEqual(['bootsel', 'touch']);
  });

  test('a drive that is not mounted by itself is mounted', async () => {
    const host = new SimulatedHost(header, uf2.length);
    host.faults = { unmounted: 'works' };
    expect((await flash(host)).method).toBe('volume');
    expect(host.done).toContain('mount');
  });

  test('a drive that disappears with the last block has the whole file', async () => {
    const host = new SimulatedHost(header, uf2.length);
    host.faults = { drive: { code: 'EIO', block: blocks - 1, vanishes: true } };
    const flashing = flash(host, running, ({ step }) => {
      // The chip starts the program, which is why the drive has disappeared.
      if (step === 'restart') {
        host.model = model;
        host.tokenizer = header.tokenizerHash;
        host.plug('running');
      }
    });
    // First the flasher sees it disappear; then it waits for the program.
    expect((await flashing).port).toBe(port);
  });

  test.each<[string, Faults, string, string[]]>([
    [
      'picotool reboots a board whose port is not to be had',
      { port: 'busy', picotool: 'works' },
      'volume',
      ['picotool reboot'],
    ],
    [
      'picotool loads where no drive comes',
      { noDrive: true, picotool: 'works' },
      'picotool',
      ['picotool load'],
    ],
    [
      'OpenOCD flashes through a probe where there is no picotool',
      { noDrive: true, openocd: 'works' },
      'openocd',
      ['openocd -f'],
    ],
    [
      'OpenOCD flashes through a probe where picotool fails',
      { noDrive: true, picotool: 'fails', openocd: 'works' },
      'openocd',
      ['picotool load', 'openocd -f'],
    ],
  ])('%s', async (_, faults, method, commands) => {
    const host = new SimulatedHost(header, uf2.length);
    host.faults = faults;
    host.hasProbe = faults.openocd !== undefined;
    const flashing = flash(host, running, ({ step }) => {
      if (step === 'restart') host.faults = {};
    });
    expect((await flashing).method).toBe(method);
    expect(host.done).toEqual(expect.arrayContaining(commands));
  });
});

describe('every failure is reported with its remedy, and a second try works', () => {
  test.each<[string, Faults, string, RegExp]>([
    ['no permission on the port', { port: 'permission' }, 'flash.port-permission', /udevadm/],
    ['the port is held by another program', { port: 'busy' }, 'flash.port-busy', /Close the other/],
    ['the program does not restart', { stays: true }, 'flash.stays', /BOOTSEL.*cannot be asked/],
    ['no drive comes', { noDrive: true }, 'flash.no-drive', /BOOTSEL.*cable that carries data/],
    ['an RP2350 is plugged in', { boardId: 'RP2350' }, 'flash.rp2350', /board with an RP2040/],
    ['a chip of another maker', { boardId: 'SAMD21' }, 'flash.chip', /label is RPI-RP2/],
    ['the drive cannot be mounted', { unmounted: 'fails' }, 'flash.unmounted', /sudo mount.*sda1/],
    ['two drives come at once', { secondDrive: true }, 'flash.several-drives', /Unplug the others/],
    [
      'the drive is full',
      { drive: { code: 'ENOSPC', block: 2 } },
      'flash.drive-full',
      /again while BOOTSEL is held: its drive is empty/,
    ],
    [
      'the drive is read-only',
      { drive: { code: 'EROFS', block: 0 } },
      'flash.read-only',
      /mount -o remount,rw \/dev\/sda1/,
    ],
    [
      'no permission on the drive',
      { drive: { code: 'EACCES', block: 0 } },
      'flash.drive-permission',
      /udisksctl mount -b \/dev\/sda1/,
    ],
    ['the drive fails', { drive: { code: 'EIO', block: 3 } }, 'flash.copy', /hold its BOOTSEL/],
    [
      'the board is unplugged in the middle',
      { drive: { code: 'EIO', block: 3, vanishes: true } },
      'flash.unplugged',
      /program is incomplete.*hold its BOOTSEL/,
    ],
    [
      'the board is unplugged before its drive has anything',
      { drive: { code: 'ENOENT', block: 0, vanishes: true } },
      'flash.no-drive',
      /^Unplug the board, hold its BOOTSEL/,
    ],
    ['the chip does not take the file', { notTaken: true }, 'flash.not-taken', /not for this chip/],
    ['the new program never comes', { noPort: true }, 'flash.no-port', /without BOOTSEL/],
    ['the new program is silent', { silent: true }, 'flash.silent', /build the firmware again/],
    [
      'the new program answers nothing',
      { floods: true },
      'flash.silent',
      /build the firmware again/,
    ],
    [
      'it has another model',
      { hello: { model: 'other' } },
      'flash.model',
      /Flash it again.*unplug the others/,
    ],
    [
      'its image is unusable',
      { hello: { model: undefined, image: 'bad' } },
      'flash.image',
      /flash all of it: starmind flash RUN/,
    ],
    [
      'picotool fails',
      { noDrive: true, picotool: 'fails' },
      'flash.picotool',
      /BOOTSEL.*If picotool lacks permission.*udevadm/,
    ],
    [
      'OpenOCD fails',
      { noDrive: true, openocd: 'fails' },
      'flash.openocd',
      /BOOTSEL.*If openocd lacks permission.*udevadm/,
    ],
  ])('%s', async (_, faults, code, remedy) => {
    const host = new SimulatedHost(header, uf2.length);
    host.faults = faults;
    host.hasProbe = faults.openocd !== undefined;
    const failure = await flash(host).then(
      () => undefined,
      (error: unknown) => error as StarmindError,
    );
    expect(failure?.code).toBe(code);
    expect(failure?.message).toBeTruthy();
    expect(failure?.remedy).toMatch(remedy);
    const isShells = remedy.source.includes('udevadm');
    expect(failure?.command).toBe(isShells ? installUdevRules : undefined);

    host.faults = {};
    // The remedy, where the board is gone: plug it in again.
    const [, board] = await host.boards();
    if (!board || board.kind === 'probe') host.plug('drive');
    expect(await flash(host, await targetNow(host))).toMatchObject({ method: 'volume', model });
  });

  test('the remedy for a folder of the user does not ask to mount it', async () => {
    const host = new SimulatedHost(header, uf2.length);
    host.hasDevice = false;
    host.faults = { drive: { code: 'EACCES', block: 0 } };
    await expect(flash(host)).rejects.toMatchObject({
      code: 'flash.drive-permission',
      remedy: expect.not.stringContaining('udisksctl') as string,
    });
  });

  test('a port that cannot be opened is reported before anything is built', async () => {
    for (const [fault, code] of [
      ['busy', 'flash.port-busy'],
      ['permission', 'flash.port-permission'],
    ] as const) {
      const host = new SimulatedHost(header, uf2.length);
      host.faults = { port: fault };
      // Without a probe, OpenOCD is of no use.
      host.findProgram = (name) => (name === 'openocd' ? { path: name } : undefined);
      // This run does not exist: any access to it would fail.
      const flashing = flashRun(runFolder('/nowhere'), running, { host });
      await expect(flashing).rejects.toMatchObject({ code });
      await expect(flashImage(image, running, { host })).rejects.toMatchObject({ code });
    }
  });

  test('a port that cannot be opened does not matter where there is another way', async () => {
    const host = new SimulatedHost(header, uf2.length);
    host.faults = { port: 'busy', picotool: 'works' };
    const flashing = flashRun(runFolder('/nowhere'), running, { host });
    await expect(flashing).rejects.not.toMatchObject({ code: 'flash.port-busy' });
  });

  test('stopping it reports the state of the board, and a second try works', async () => {
    const host = new SimulatedHost(header, uf2.length);
    const abort = new AbortController();
    const stopped = flash(
      host,
      running,
      ({ step, fraction }) => {
        if (step === 'copy' && fraction === 0) abort.abort();
      },
      abort.signal,
    );
    await expect(stopped).rejects.toMatchObject({
      code: 'interrupted',
      remedy: expect.stringContaining('stays in its boot loader') as string,
    });
    expect(await flash(host, await targetNow(host))).toMatchObject({ method: 'volume' });
  });

  test('stopping it after the last block reports success', async () => {
    const host = new SimulatedHost(header, uf2.length);
    const abort = new AbortController();
    const stopped = flash(
      host,
      running,
      ({ step }) => step === 'restart' && abort.abort(),
      abort.signal,
    );
    await expect(stopped).rejects.toMatchObject({
      code: 'interrupted',
      remedy: expect.stringContaining('All of it is on the board') as string,
    });
  });

  test('an RP2350 that reports itself stays in its program', async () => {
    const host = new SimulatedHost(header, uf2.length);
    const flashing = flash(host, { ...running, chip: 'RP2350' });
    await expect(flashing).rejects.toMatchObject({ code: 'flash.rp2350' });
    expect(host.done).toEqual([]);
  });

  test('a file that is no UF2 is refused before anything happens', async () => {
    const host = new SimulatedHost(header, uf2.length);
    const flashing = flashBoard(Uint8Array.of(1, 2, 3), running, { host });
    await expect(flashing).rejects.toMatchObject({ code: 'flash.uf2', exitCode: 1 });
    expect(host.done).toEqual([]);
  });
});
