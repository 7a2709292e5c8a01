import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBoards } from '../board/find/find-boards';
import { hostSystem, type HostSystem } from '../board/find/host-system';
import { SerialBoard } from '../board/serial-board';
import { SerialTransport } from '../board/link/serial-transport';
import { waitForHello } from '../board/session';
import { systemClock } from '../clock';
import { lastLines, runProgram } from '../process';
import { findFlashTool } from '../toolchain/find-flash-tool';
import type { FlashHost } from './flash-host';
import type { FlashTarget } from './job';

/** Programs of the pico-sdk enter the boot loader when a port is opened at this rate. */
const touchRate = 1200;
/** Milliseconds that the port stays open, so that the program sees it. */
const touchTime = 100;
/**
 * Milliseconds that our firmware has to read a command: a generating model finishes its token
 * first.
 */
const readingTime = 1500;

/** Host for a board that the system may not list: one behind a pseudo-terminal, for example. */
export function hostOf(target: FlashTarget): FlashHost {
  if (target.kind === 'serial') return nodeFlashHost(hostSystem({ ports: [target.port] }));
  if (target.kind === 'probe') return nodeFlashHost();
  // A drive with a device is listed for as long as it has that.
  const { path, device } = target.volume;
  const named = path !== undefined && device === undefined;
  return nodeFlashHost(hostSystem({ volumes: named ? [path] : [] }));
}

/** Host with the ports, drives and programs of this computer. */
export function nodeFlashHost(system: HostSystem = hostSystem()): FlashHost {
  return {
    ...systemClock,
    platform: process.platform,
    boards: async () => (await findBoards(system)).boards,
    async sendBootsel(port) {
      const transport = new SerialTransport(port);
      await transport.open();
      const left = new AbortController();
      transport.onClosed(() => left.abort());
      // The empty line ends a line that another program may have left half typed.
      transport.write(Buffer.from('\nstop\nbootsel\n'));
      // Firmware drops unread input when its port closes.
      await systemClock.sleep(readingTime, left.signal).catch(() => undefined);
      await transport.close();
    },
    async touch(port) {
      const transport = new SerialTransport(port, touchRate);
      await transport.open();
      await systemClock.sleep(touchTime);
      await transport.close();
    },
    async greet(port, milliseconds, signal) {
      const board = new SerialBoard(port);
      try {
        await board.open();
        return await waitForHello(board, milliseconds, signal);
      } finally {
        await board.close();
      }
    },
    async mount(device, signal) {
      const args = ['mount', '--no-user-interaction', '-b', device];
      const { status, output } = await runProgram('udisksctl', args, { signal });
      if (status !== 0) throw new Error(lastLines(output, 2));
    },
    async createFile(path) {
      const file = await open(path, 'w');
      return {
        write: (bytes) => file.writeFile(bytes),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    },
    findProgram: (name) => findFlashTool(name),
    run: runProgram,
    async withFiles(contents, ending, use) {
      const folder = await mkdtemp(join(tmpdir(), 'starmind-flash-'));
      try {
        const paths = contents.map((_, index) => join(folder, `${index}${ending}`));
        await Promise.all(paths.map((path, index) => writeFile(path, contents[index] ?? '')));
        return await use(paths);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
