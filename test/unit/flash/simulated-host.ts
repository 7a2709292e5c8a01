import type { DebugProbe, FoundBoard } from '../../../src/node/board/find/found-board';
import { virtualPico } from '../../../src/node/board/find/found-board';
import { boardUnanswering, portFailed } from '../../../src/node/board/board-errors';
import {
  firmwareVersion,
  protocolVersion,
  type HelloRecord,
} from '../../../src/core/wire/device-records';
import { programHash } from '../../../src/node/build/program-hash';
import type { DriveFile, FlashHost } from '../../../src/node/flash/flash-host';
import { exitCodes, StarmindError } from '../../../src/node/starmind-error';
import type { FlashTool } from '../../../src/node/toolchain/find-flash-tool';

/** Simulated faults; everything else works. A test ends a fault by changing this. */
export interface Faults {
  /** Opening the port fails. */
  port?: 'permission' | 'busy';
  /** The program ignores our command and the 1200-baud touch. */
  stays?: boolean;
  /** It obeys only the 1200-baud touch. */
  knowsOnlyTouch?: boolean;
  /** It restarts in its boot loader, and the touch fails for that reason. */
  failsTouch?: boolean;
  /** The boot loader's drive never comes. */
  noDrive?: boolean;
  boardId?: string;
  /** The drive is not mounted by itself; mounting it fails. */
  unmounted?: 'fails' | 'works';
  /** Error code of the drive at a block of the file; it goes away too where `vanishes`. */
  drive?: { code: string; block: number; vanishes?: boolean };
  /** The chip does not accept the file. */
  notTaken?: boolean;
  /** The new program's port never comes. */
  noPort?: boolean;
  silent?: boolean;
  /** It sends well-formed records for ever, and answers nothing. */
  floods?: boolean;
  /** Changes to the new program's hello, instead of the flashed model's. */
  hello?: Partial<HelloRecord>;
  /** A second drive comes at the same time. */
  secondDrive?: boolean;
  picotool?: 'works' | 'fails';
  openocd?: 'works' | 'fails';
}

const blockBytes = 512;
export const port = '/dev/ttyACM0';
export const drivePath = '/media/RPI-RP2';
const device = '/dev/sda1';
/** Milliseconds that a board needs to restart. */
const restartTime = 400;

/** Messages of the system for a port that cannot be opened. */
const refusals = { busy: 'Cannot lock port', permission: 'Permission denied, cannot open' };

/** Is wired to the board. */
export const probe: DebugProbe = {
  ...{ kind: 'probe', id: 'E663', label: 'Debug Probe', port: '/dev/ttyACM9' },
  serialNumber: 'E663',
};

type BoardState = 'running' | 'drive' | 'away';

/** A computer with one board, on which a second passes as fast as it is slept through. */
export class SimulatedHost implements FlashHost {
  readonly platform = 'linux';
  faults: Faults = {};
  /** Digest of the model that the program on the board has. */
  model = 'old';
  tokenizer = 'old';
  /** The file that the chip has accepted last. */
  flashed = 0;
  readonly done: string[] = [];
  /** Command lines of the programs that ran. */
  readonly commands: (readonly string[])[] = [];
  portName = port;
  hasProbe = false;
  /** Whether the board is seen over USB, and answers over the probe's UART. */
  isOnUsb = true;
  isOnUart = false;
  /** Whether its drive is a device, and not a folder that the user named. */
  hasDevice = true;

  private time = 0;
  private state: BoardState;
  private next: { at: number; state: BoardState } | undefined;
  private isMounted = false;

  constructor(
    /** Digests of the flashed model. */
    private readonly wanted: { contentHash: string; tokenizerHash: string },
    /** Bytes of the file that is flashed: a part of it starts no program. */
    private readonly fileBytes: number,
    inBootloader = false,
  ) {
    this.state = inBootloader ? 'drive' : 'running';
  }

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.time += milliseconds;
    return Promise.resolve();
  }

  async boards(): Promise<FoundBoard[]> {
    const boards: FoundBoard[] = [virtualPico];
    const { faults } = this;
    const state = this.present();
    if (state === 'running' && this.isOnUsb && !(faults.noPort && this.flashed > 0)) {
      const name = this.portName;
      const serialNumber = 'E660';
      boards.push({ kind: 'serial', id: serialNumber, label: 'Pico', port: name, serialNumber });
    }
    if (state === 'drive' && !faults.noDrive) {
      const mounted = faults.unmounted === undefined || this.isMounted;
      boards.push(
        drive(
          faults.boardId ?? 'RPI-RP2',
          this.hasDevice ? device : undefined,
          mounted ? drivePath : undefined,
        ),
      );
      if (faults.secondDrive) boards.push(drive('RPI-RP2', '/dev/sdb1', '/media/RPI-RP2 1'));
    }
    if (this.hasProbe) {
      boards.push(probe);
    }
    return boards;
  }

  async sendBootsel(): Promise<void> {
    this.done.push('bootsel');
    this.open();
    const { knowsOnlyTouch, failsTouch, stays } = this.faults;
    if (!knowsOnlyTouch && !failsTouch && !stays) this.leave();
  }

  async touch(): Promise<void> {
    this.done.push('touch');
    this.open();
    if (this.faults.failsTouch) {
      // It stays visible for a moment.
      this.next = { at: this.time + restartTime, state: 'drive' };
      throw portFailed(port, new Error('Unknown error code 31'), this.platform);
    }
    if (!this.faults.stays) this.leave();
  }

  async greet(name: string, milliseconds: number): Promise<HelloRecord> {
    this.done.push(`greet ${name}`);
    const isUart = name === probe.port;
    if (!isUart) this.open();
    if (this.faults.floods) {
      this.time += milliseconds;
      throw boardUnanswering(name, milliseconds / 1000);
    }
    if (this.faults.silent || (isUart && !this.isOnUart)) {
      this.time += milliseconds;
      throw new StarmindError('board.silent', exitCodes.board, 'silent', 'reset it');
    }
    const hello: HelloRecord = {
      ...{
        record: 'hello',
        firmware: firmwareVersion,
        protocol: protocolVersion,
        board: 'pico',
        clock_mhz: 125,
      },
      program: await programHash(),
      ...{ cores: 1, image: 'ok', memory: {}, model: this.model, tokenizer: this.tokenizer },
    };
    return { ...hello, ...(this.flashed > 0 ? this.faults.hello : {}) };
  }

  async mount(): Promise<void> {
    this.done.push('mount');
    if (this.faults.unmounted === 'fails') throw new Error('not authorised');
    this.isMounted = true;
  }

  createFile(): Promise<DriveFile> {
    let bytes = 0;
    const check = (): void => {
      const fault = this.faults.drive;
      if (!fault || bytes <= fault.block * blockBytes) return;
      if (fault.vanishes) this.state = 'away';
      throw Object.assign(new Error(fault.code), { code: fault.code });
    };
    return Promise.resolve({
      write: (piece: Uint8Array) => {
        if (this.present() !== 'drive') throw Object.assign(new Error('EIO'), { code: 'EIO' });
        bytes += piece.length;
        // Other faults appear only when the data must be on the drive.
        if (this.faults.drive?.block === 0) check();
        return Promise.resolve();
      },
      sync: async () => check(),
      close: () => {
        if (bytes === this.fileBytes && !this.faults.notTaken && !this.faults.drive)
          this.take(bytes);
        return Promise.resolve();
      },
    });
  }

  findProgram(name: 'picotool' | 'openocd'): FlashTool | undefined {
    return this.faults[name] === undefined ? undefined : { path: `/usr/bin/${name}` };
  }

  async run(program: string, args: readonly string[]): Promise<{ status: number; output: string }> {
    const name = program.endsWith('picotool') ? 'picotool' : 'openocd';
    this.done.push(`${name} ${args[0] ?? ''}`);
    this.commands.push(args);
    if (this.faults[name] === 'fails') {
      return { status: 1, output: `${name} has failed\n` };
    }
    if (args[0] === 'reboot') this.leave();
    else this.take(blockBytes);
    return { status: 0, output: '' };
  }

  withFiles<T>(
    contents: readonly Uint8Array[],
    ending: string,
    use: (paths: readonly string[]) => Promise<T>,
  ): Promise<T> {
    return use(contents.map((_, index) => `/tmp/${index}${ending}`));
  }

  /** The cable is pulled, or put back. */
  plug(state: 'running' | 'drive' | 'away'): void {
    this.next = undefined;
    this.state = state;
  }

  private open(): void {
    const { port: fault } = this.faults;
    if (fault !== undefined) throw portFailed(port, new Error(refusals[fault]), this.platform);
    if (this.present() !== 'running') {
      throw new StarmindError('board.missing', exitCodes.board, 'no port', 'plug it in');
    }
  }

  private leave(): void {
    this.state = 'away';
    this.next = { at: this.time + restartTime, state: 'drive' };
  }

  private take(bytes: number): void {
    this.flashed = bytes;
    this.model = this.wanted.contentHash;
    this.tokenizer = this.wanted.tokenizerHash;
    this.isMounted = false;
    this.state = 'away';
    this.next = { at: this.time + restartTime, state: 'running' };
  }

  private present(): BoardState {
    if (this.next && this.time >= this.next.at) {
      this.state = this.next.state;
      this.next = undefined;
    }
    return this.state;
  }
}

function drive(boardId: string, device: string | undefined, path: string | undefined): FoundBoard {
  const volume = {
    boardId,
    ...(device !== undefined && { device }),
    ...(path !== undefined && { path }),
  };
  return { kind: 'bootloader', id: path ?? device ?? '', label: 'Pico in its boot loader', volume };
}
