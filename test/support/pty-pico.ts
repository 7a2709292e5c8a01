import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  openSync,
  type ReadStream,
  writeSync,
} from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VirtualPico } from '../../src/node/board/virtual/virtual-pico';
import type { FlashPart } from '../../src/emulator/machine';

/** Information file of the boot ROM's drive; only the Board-ID matters to programs. */
const info = 'UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n';
const infoFile = 'INFO_UF2.TXT';
const blockBytes = 512;
/** Milliseconds between looks at the drive. */
const lookInterval = 20;

/**
 * A virtual Pico that looks like a real one to programs that use the operating system: its serial
 * port is one end of a pseudo-terminal pair, and in its boot loader it shows a drive, a folder that
 * accepts a UF2 file. Needs socat.
 */
export class PtyPico {
  readonly port: string;
  readonly volume: string;
  private readonly inner: string;
  private readonly pico: VirtualPico;
  private socat: ChildProcess | undefined;
  private reading: ReadStream | undefined;
  private writing: number | undefined;
  private looking: NodeJS.Timeout | undefined;
  private disposed = false;

  /** @param folder where the port and the drive appear */
  constructor(folder: string, flash: readonly FlashPart[] = []) {
    this.port = join(folder, 'ttyPICO');
    this.inner = join(folder, 'inner');
    this.volume = join(folder, 'RPI-RP2');
    this.pico = new VirtualPico({ flash: [...flash] }, false);
    this.pico.onOutput((bytes) => this.say(bytes));
    this.pico.onEvent(({ kind }) => {
      if (kind === 'bootloader') void this.becomeDrive();
    });
  }

  async start(): Promise<void> {
    await this.plugIn();
    await this.pico.start();
  }

  /** Pulls the cable; the program goes on without a host. */
  async unplug(): Promise<void> {
    const { socat } = this;
    this.socat = undefined;
    this.reading?.destroy();
    this.reading = undefined;
    if (this.writing !== undefined) closeSync(this.writing);
    this.writing = undefined;
    for (const link of [this.port, this.inner]) await rm(link, { force: true });
    if (!socat || socat.exitCode !== null) return;
    const ended = new Promise((resolve) => socat.once('exit', resolve));
    // On SIGTERM, socat hangs one time in thousands.
    socat.kill('SIGKILL');
    await ended;
  }

  async plugIn(): Promise<void> {
    const ends = [this.port, this.inner].map((link) => `pty,rawer,link=${link}`);
    this.socat = spawn('socat', ends, { stdio: 'ignore' });
    while (!existsSync(this.port) || !existsSync(this.inner)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.writing = openSync(this.inner, constants.O_RDWR | constants.O_NOCTTY);
    const reading = createReadStream(this.inner);
    reading.on('data', (bytes) => this.pico.write(Buffer.from(bytes)));
    // Ignore the error of a port that was pulled out.
    reading.on('error', () => undefined);
    this.reading = reading;
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    clearTimeout(this.looking);
    await this.unplug();
    await this.pico.dispose();
  }

  private say(bytes: Uint8Array): void {
    if (this.writing === undefined) return;
    try {
      writeSync(this.writing, bytes);
    } catch {
      // The terminal is full and has no reader: as with a port that is not open.
    }
  }

  private async becomeDrive(): Promise<void> {
    if (this.disposed) return;
    await this.unplug();
    await mkdir(this.volume, { recursive: true });
    await writeFile(join(this.volume, infoFile), info);
    this.look();
  }

  private look(): void {
    this.looking = setTimeout(() => void this.takeFile(), lookInterval);
  }

  /** Starts the program once the last block of its file is there, as the boot ROM does. */
  private async takeFile(): Promise<void> {
    if (this.disposed) return;
    for (const name of await readdir(this.volume)) {
      if (name === infoFile) continue;
      const uf2 = await readFile(join(this.volume, name));
      if (!isWhole(uf2)) continue;
      await rm(this.volume, { recursive: true });
      await this.plugIn();
      this.pico.program(uf2);
      return;
    }
    this.look();
  }
}

/** Every block has the number of all blocks. */
function isWhole(uf2: Buffer): boolean {
  return uf2.length >= blockBytes && uf2.length === blockBytes * uf2.readUInt32LE(24);
}
