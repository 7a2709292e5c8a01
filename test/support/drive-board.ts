import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readImageHeader } from '../../src/core/export/image-header';
import { programHash } from '../../src/node/build/program-hash';
import { modelImageIn } from '../../src/core/export/model-uf2';
import { readUf2 } from '../../src/core/export/uf2';
import { hello, ready } from '../unit/board/fake-board';
import { PtyBoard } from './pty';

/** Milliseconds between looks at the drive. */
const lookInterval = 10;

/** Room for every model of the tests. */
const memory = { arena: 100_000, weights: 140_000 };

/**
 * A board that only reports its model: a port, and in its boot loader a drive that accepts a UF2
 * file. It is much faster than an emulated one.
 */
export class DriveBoard {
  readonly port: string;
  readonly drive: string;
  /** Digests that it reports. */
  model: string | undefined = 'cafe';
  tokenizer: string | undefined;
  /** Board-ID of its boot loader. */
  boardId = 'RPI-RP2';
  /** Bytes of the latest UF2 file. */
  taken = 0;
  private board: PtyBoard | undefined;
  private gone = false;

  /** @param folder where the port and the drive appear */
  constructor(folder: string) {
    this.port = join(folder, 'port');
    this.drive = join(folder, 'RPI-RP2');
  }

  /** Environment variables that make programs look for it. */
  get environment(): NodeJS.ProcessEnv {
    return { STARMIND_SERIAL_PORTS: this.port, STARMIND_BOOTSEL_VOLUMES: this.drive };
  }

  async start(): Promise<void> {
    this.board = await PtyBoard.plugIn(this.port, (line) => this.obey(line));
  }

  async dispose(): Promise<void> {
    this.gone = true;
    await this.board?.unplug();
  }

  private obey(line: string): void {
    if (line === 'info') void this.introduce();
    if (line === 'bootsel') void this.becomeDrive();
  }

  private async introduce(): Promise<void> {
    const { model, tokenizer } = this;
    const program = await programHash();
    await this.board?.say({ ...hello, program, model, tokenizer, memory }, ready);
  }

  private async becomeDrive(): Promise<void> {
    await this.board?.unplug();
    this.board = undefined;
    await mkdir(this.drive, { recursive: true });
    writeFileSync(join(this.drive, 'INFO_UF2.TXT'), `Board-ID: ${this.boardId}\n`);
    const uf2 = await this.wholeFile();
    if (!uf2) return;
    this.taken = uf2.length;
    const image = modelImageIn(readUf2(uf2).value ?? []);
    const header = image && readImageHeader(image);
    this.model = header?.contentHash;
    this.tokenizer = header?.tokenizerHash;
    rmSync(this.drive, { recursive: true });
    await this.start();
  }

  /** The file on the drive, once its last block is there; undefined when the board is gone. */
  private async wholeFile(): Promise<Buffer | undefined> {
    const file = join(this.drive, 'starmind.uf2');
    while (!this.gone) {
      const uf2 = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
      if (uf2.length > 0 && uf2.length === 512 * uf2.readUInt32LE(24)) return uf2;
      await delay(lookInterval);
    }
    return undefined;
  }
}
