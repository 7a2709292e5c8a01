import { describe, expect, test } from 'vitest';
import { findBoards } from '../../../src/node/board/find/find-boards';
import type { FoundBoard } from '../../../src/node/board/find/found-board';
import { listSerialPorts, portCalled } from '../../../src/node/board/list-ports';
import { bootDrive, fakeSystem, linuxDrive, linuxPort, type FakeSystem } from './fake-system';

/** The boards beside the virtual one. */
async function found(shown: FakeSystem): Promise<FoundBoard[]> {
  const { boards, problems } = await findBoards(fakeSystem(shown));
  expect(problems).toEqual([]);
  expect(boards[0]?.kind).toBe('virtual');
  const ids = boards.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  return boards.slice(1);
}

const mounts = (...lines: string[]): Record<string, string> => ({
  '/proc/mounts': `${lines.join('\n')}\n`,
});

test('without any board there is the virtual one', async () => {
  for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const) {
    expect(await found({ platform })).toEqual([]);
  }
});

test('a board has a port by its serial number, and any port is its own', async () => {
  const system = fakeSystem({ files: linuxPort('ttyACM2', { serial: 'e660abcd' }) });
  expect(await portCalled('E660abcd', system)).toBe('/dev/ttyACM2');
  expect(await portCalled('/dev/ttyUSB0', system)).toBe('/dev/ttyUSB0');
  const listing = {
    ...system,
    platform: 'darwin' as const,
    ports: () => Promise.reject(new Error('no')),
  };
  expect(await portCalled('/dev/cu.1', listing)).toBe('/dev/cu.1');
  await expect(portCalled('E660abcd', listing)).rejects.toMatchObject({ code: 'board.list' });
});

describe('serial ports on Linux', () => {
  test('are Picos by their vendor, identified by their serial numbers in upper case', async () => {
    const boards = await found({
      files: {
        ...linuxPort('ttyACM10', { serial: 'e660abcd' }),
        ...linuxPort('ttyACM2', { product: '0005', serial: 'DE62' }),
        ...linuxPort('ttyACM4', { product: '1020' }),
        '/sys/class/tty/ttyS0/device/driver': '',
      },
    });
    expect(boards).toEqual([
      {
        ...{ kind: 'serial', id: 'DE62', label: 'Pico DE62', detail: '/dev/ttyACM2, MicroPython' },
        ...{ port: '/dev/ttyACM2', serialNumber: 'DE62' },
      },
      {
        ...{ kind: 'serial', id: '/dev/ttyACM4', label: 'Pico', detail: '/dev/ttyACM4' },
        port: '/dev/ttyACM4',
      },
      expect.objectContaining({ id: 'E660ABCD', port: '/dev/ttyACM10', serialNumber: 'E660ABCD' }),
    ]);
  });

  test('of a debug probe are no Pico, and may carry the UART of one', async () => {
    const files = linuxPort('ttyACM0', { product: '000c', serial: 'E663' });
    expect(await found({ files })).toEqual([
      expect.objectContaining({ kind: 'probe', id: 'E663', port: '/dev/ttyACM0' }),
    ]);
    expect(await listSerialPorts(fakeSystem({ files }))).toEqual([
      { path: '/dev/ttyACM0', serialNumber: 'E663' },
    ]);
  });

  test('of adapters and other makers are no Picos, but the monitor can use them', async () => {
    const adapter = '/sys/class/tty/ttyUSB0/device/../..';
    const files = {
      ...linuxPort('ttyACM3', { vendor: '2341', serial: 'UNO' }),
      [`${adapter}/idVendor`]: '10c4\n',
      [`${adapter}/product`]: 'CP2102 USB to UART Bridge Controller\n',
      '/dev/serial0': '',
    };
    expect(await found({ files })).toEqual([
      {
        ...{ kind: 'port', id: '/dev/serial0', port: '/dev/serial0', detail: '/dev/serial0' },
        label: 'UART on the pins of this computer',
      },
      {
        ...{ kind: 'port', id: 'UNO', port: '/dev/ttyACM3', detail: '/dev/ttyACM3' },
        ...{ label: 'Serial port', serialNumber: 'UNO' },
      },
      {
        ...{ kind: 'port', id: '/dev/ttyUSB0', port: '/dev/ttyUSB0', detail: '/dev/ttyUSB0' },
        label: 'CP2102 USB to UART Bridge Controller',
      },
    ]);
    const extra = { ports: ['/dev/ttyUSB0'] };
    const named = await found({ files: { ...files, '/dev/ttyUSB0': '' }, extra });
    expect(named.find(({ id }) => id === '/dev/ttyUSB0')?.kind).toBe('serial');
  });

  test('with one serial number between them are distinguished by their places', async () => {
    const files = {
      ...linuxPort('ttyACM0', { serial: 'SAME' }),
      ...linuxPort('ttyACM1', { serial: 'SAME' }),
    };
    expect((await found({ files })).map(({ id }) => id)).toEqual(['SAME', '/dev/ttyACM1']);
  });

  test('that the user names are listed while they exist, and once', async () => {
    const extra = { ports: ['/tmp/pico', '/tmp/none', '/dev/ttyACM0'] };
    const files = {
      ...linuxPort('ttyACM0', { serial: 'E660' }),
      '/tmp/pico': '',
      '/dev/ttyACM0': '',
    };
    expect((await found({ files, extra })).map(({ id }) => id)).toEqual(['E660', '/tmp/pico']);
  });

  test('that the user names by a link are those that it leads to, if they are listed', async () => {
    const files = {
      ...linuxPort('ttyACM0', { product: '0009', serial: 'E660' }),
      '/dev/pts/3': '',
    };
    const links = { '/dev/pico': '/dev/ttyACM0', '/tmp/pico': '/dev/pts/3' };
    const extra = { ports: Object.keys(links) };
    expect(await found({ files, links, extra })).toMatchObject([
      { id: 'E660', port: '/dev/ttyACM0', chip: 'RP2350' },
      { id: '/tmp/pico', port: '/tmp/pico' },
    ]);
  });

  test('keep their ids when they come back under other names', async () => {
    const before = await found({ files: linuxPort('ttyACM0', { serial: 'E660' }) });
    const after = await found({ files: linuxPort('ttyACM7', { serial: 'e660' }) });
    expect(after[0]?.id).toBe(before[0]?.id);
  });
});

describe('drives of boot loaders on Linux', () => {
  test('are mounted FAT file systems with the file that says so', async () => {
    const boards = await found({
      files: {
        ...mounts(
          '/dev/nvme0n1p2 / ext4 rw 0 0',
          '/dev/sdc1 /media/me/CAMERA vfat rw 0 0',
          '/dev/sda1 /media/me/RPI-RP2 vfat rw,nosuid 0 0',
          '/dev/sda1 /srv/again vfat rw 0 0',
          '/dev/sdb1 /media/me/two\\040words msdos rw 0 0',
        ),
        ...linuxDrive('sda', 'RPI', 'RP2'),
        ...linuxDrive('sdb', 'RPI', 'RP2350'),
        ...linuxDrive('sdc', 'Canon', 'Digital'),
        ...bootDrive('/media/me/RPI-RP2/'),
        ...bootDrive('/srv/again/'),
        ...bootDrive('/media/me/two words/', 'RP2350'),
      },
    });
    expect(boards).toMatchObject([
      {
        ...{ kind: 'bootloader', id: '/media/me/RPI-RP2', label: 'Pico in its boot loader' },
        volume: { path: '/media/me/RPI-RP2', device: '/dev/sda1', boardId: 'RPI-RP2' },
      },
      { label: 'RP2350 in its boot loader', volume: { path: '/media/me/two words' } },
    ]);
  });

  test('are listed before they are mounted, several at once', async () => {
    const boards = await found({
      files: {
        ...mounts('/dev/nvme0n1p2 / ext4 rw 0 0'),
        ...linuxDrive('sda', 'RPI', 'RP2'),
        ...linuxDrive('sdb', 'RPI', 'RP2'),
        ...linuxDrive('sdc', 'ATA', 'RP2'),
      },
    });
    expect(boards).toMatchObject([
      { id: '/dev/sda1', detail: '/dev/sda1, not mounted', volume: { boardId: 'RPI-RP2' } },
      { id: '/dev/sdb1' },
    ]);
  });

  test('are gone when their device is, though the mount is left', async () => {
    const files = {
      ...mounts('/dev/sda1 /media/me/RPI-RP2 vfat rw 0 0'),
      ...bootDrive('/media/me/RPI-RP2/'),
    };
    expect(await found({ files })).toEqual([]);
  });

  test('that another user has mounted are identified by their labels', async () => {
    const files = {
      ...mounts('/dev/sda1 /media/other/RPI-RP21 vfat rw 0 0'),
      ...linuxDrive('sda', 'RPI', 'RP2'),
    };
    expect(await found({ files })).toMatchObject([{ volume: { boardId: 'RPI-RP2' } }]);
  });

  test('of other makers are distinguished', async () => {
    const files = {
      ...mounts('/dev/sda1 /media/me/FEATHER vfat rw 0 0'),
      ...linuxDrive('sda', 'Adafruit', 'Feather'),
      ...bootDrive('/media/me/FEATHER/', 'SAMD21G18A-Feather-v0'),
    };
    expect(await found({ files })).toMatchObject([
      { label: 'SAMD21G18A-Feather-v0 in its boot loader' },
    ]);
  });

  test('may be folders that the user names', async () => {
    const extra = { volumes: ['/tmp/drive', '/tmp/none'] };
    expect(await found({ files: bootDrive('/tmp/drive/'), extra })).toMatchObject([
      { id: '/tmp/drive', volume: { path: '/tmp/drive', boardId: 'RPI-RP2' } },
    ]);
  });
});

describe('on macOS', () => {
  test('ports come from the system, drives from /Volumes by their labels', async () => {
    const boards = await found({
      platform: 'darwin',
      ports: [
        { path: '/dev/tty.usbmodem101', vendorId: '2e8a', productId: '000a', serialNumber: 'E660' },
        { path: '/dev/tty.Bluetooth-Incoming-Port' },
      ],
      files: {
        ...bootDrive('/Volumes/RPI-RP2/'),
        ...bootDrive('/Volumes/RPI-RP2 1/'),
        ...bootDrive('/Volumes/RP2350/', 'RP2350'),
        // Left behind by a drive that was pulled out, and a share that is slow to answer.
        '/Volumes/RPI-RP2 2/.hidden': '',
        ...bootDrive('/Volumes/server/'),
      },
    });
    expect(boards.map(({ id }) => id)).toEqual([
      ...['E660', '/Volumes/RPI-RP2', '/Volumes/RPI-RP2 1', '/Volumes/RP2350'],
    ]);
  });
});

describe('on Windows', () => {
  test('ports have ids in upper case, drives have letters', async () => {
    const boards = await found({
      platform: 'win32',
      ports: [
        { path: 'COM10', vendorId: '2E8A', productId: '000A', serialNumber: 'E6605481DB318236' },
        { path: 'COM3', vendorId: '2E8A', productId: '000C', serialNumber: 'E663' },
        { path: 'COM1', friendlyName: 'Communications Port (COM1)', pnpId: 'ACPI\\PNP0501\\0' },
        { path: 'COM5', friendlyName: 'Serial over Bluetooth (COM5)', pnpId: 'BTHENUM\\{0}' },
      ],
      files: { ...bootDrive('E:\\'), ...bootDrive('Z:\\', 'RP2350'), ...bootDrive('C:\\') },
    });
    expect(boards).toMatchObject([
      { kind: 'port', port: 'COM1', label: 'Communications Port' },
      { kind: 'probe', port: 'COM3' },
      { kind: 'serial', id: 'E6605481DB318236', port: 'COM10' },
      { kind: 'bootloader', id: 'E:\\', volume: { path: 'E:\\', boardId: 'RPI-RP2' } },
      { kind: 'bootloader', id: 'Z:\\', volume: { boardId: 'RP2350' } },
    ]);
  });

  test('ports that the user names are listed while they exist, in either case', async () => {
    const ports = [
      { path: 'COM3', vendorId: '2E8A', productId: '000A', serialNumber: 'E660' },
      { path: 'COM5', vendorId: '239A', productId: '80F1', friendlyName: 'Feather (COM5)' },
    ];
    const extra = { ports: ['com3', 'com5', 'COM9'] };
    expect(await found({ platform: 'win32', ports, extra })).toMatchObject([
      { kind: 'serial', id: 'E660', port: 'COM3' },
      { kind: 'serial', id: 'COM5', port: 'COM5' },
    ]);
  });

  test('drives are read with a time limit', async () => {
    const files = bootDrive('E:\\');
    const never = () => new Promise<undefined>(() => undefined);
    const system = { ...fakeSystem({ platform: 'win32', files }), text: never };
    expect((await findBoards(system)).boards).toMatchObject([{ id: 'virtual' }, { id: 'E:\\' }]);
  });

  test('a drive that the user names is listed once', async () => {
    const extra = { volumes: ['E:\\'] };
    const shown = { platform: 'win32', files: bootDrive('E:\\'), extra } as const;
    expect(await found(shown)).toHaveLength(1);
  });
});

test('ports that cannot be listed are a problem, and no reason to hide the drives', async () => {
  const shown: FakeSystem = {
    platform: 'darwin',
    ports: new Error('the registry is locked'),
    files: bootDrive('/Volumes/RPI-RP2/'),
  };
  const { boards, problems } = await findBoards(fakeSystem(shown));
  expect(boards.map(({ kind }) => kind)).toEqual(['virtual', 'bootloader']);
  expect(problems).toMatchObject([{ code: 'board.list', exitCode: 4 }]);
  expect(problems[0]?.message).toContain('the registry is locked');
});
