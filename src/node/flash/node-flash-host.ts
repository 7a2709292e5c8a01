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
import { findProgram } from '../toolchain/find';
import type { FlashHost } from './flash-host';

/** Programs of the pico-sdk take a port that is opened at this rate for a wish to be flashed. */
const touchRate = 1200;
/** Milliseconds that the port stays open, so that the program sees it. */
const touchTime = 100;

/** Flashing with the ports, drives and programs of this computer. */
export function nodeFlashHost(system: HostSystem = hostSystem()): FlashHost {
  return {
    ...systemClock,
    platform: process.platform,
    boards: async () => (await findBoards(system)).boards,
    async sendBootsel(port) {
      const transport = new SerialTransport(port);
      await transport.open();
      // The empty line ends what somebody else may have left half typed.
      transport.write(Buffer.from('\nstop\nbootsel\n'));
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
      await board.open();
      const close = (): void => void board.close();
      signal?.addEventListener('abort', close, { once: true });
      try {
        return await waitForHello(board, milliseconds);
      } finally {
        signal?.removeEventListener('abort', close);
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
    findProgram,
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
