import { Worker } from 'node:worker_threads';
import { readUf2 } from '../../core/export/uf2';
import { assetPath } from '../assets';
import type { Board, BoardStatistics } from './board';
import { BoardOutput } from './board-output';
import {
  badFirmware,
  boardClosed,
  boardFault,
  boardInBootloader,
  boardWorkerFailed,
} from './errors';
import type { FlashPart } from './virtual/machine';
import type { MachineEvent } from './virtual/machine-event';
import type { BoardWorkerStart, FromBoardWorker, ToBoardWorker } from './virtual/messages';

const flashBase = 0x10000000;
/** What the flash of the virtual Pico holds; a Pico's own is 2 MB. */
const flashBytes = 16 * 1024 * 1024;

export interface VirtualBoardOptions {
  /** Keep to real time; otherwise it runs as fast as the host allows. */
  paced?: boolean;
  /** More contents of the flash, over those of the UF2 file. */
  flash?: FlashPart[];
}

interface StatisticsRequest {
  resolve: (statistics: BoardStatistics) => void;
  reject: (reason: Error) => void;
}

/** A Pico emulated in a thread of its own. */
export class VirtualBoard implements Board {
  readonly name = 'the virtual Pico';
  /** Only a program that hangs is silent so long: crashes are reported, and a host may be slow. */
  readonly patience = { greeting: 120_000, answer: 1_800_000 };

  readonly onRecord;
  readonly onText;
  readonly onClosed;

  private readonly output = new BoardOutput();
  private readonly start: BoardWorkerStart;
  private readonly requests: StatisticsRequest[] = [];
  private worker: Worker | undefined;

  /** Throws a StarmindError when the UF2 file is not for this chip. */
  constructor(uf2: Uint8Array, { paced = false, flash = [] }: VirtualBoardOptions = {}) {
    this.start = { flash: [...flashParts(uf2), ...flash], paced };
    this.onRecord = this.output.onRecord.bind(this.output);
    this.onText = this.output.onText.bind(this.output);
    this.onClosed = this.output.onClosed.bind(this.output);
  }

  async open(): Promise<void> {
    const worker = new Worker(assetPath('board-worker.js'), { workerData: this.start });
    this.worker = worker;
    worker.on('message', (message: FromBoardWorker) => this.receive(message));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', () => this.end());
    await new Promise<void>((resolve, reject) => {
      worker.once('online', resolve);
      this.onClosed((reason) => reject(reason ?? boardClosed(this.name)));
    });
  }

  write(line: string): void {
    this.post({ type: 'input', bytes: Uint8Array.from(Buffer.from(`${line}\n`)) });
  }

  async close(): Promise<void> {
    this.end();
    await this.worker?.terminate();
  }

  statistics(): Promise<BoardStatistics> {
    if (!this.worker || this.output.closed) return Promise.reject(boardClosed(this.name));
    return new Promise((resolve, reject) => {
      this.requests.push({ resolve, reject });
      this.post({ type: 'statistics' });
    });
  }

  private post(message: ToBoardWorker): void {
    this.worker?.postMessage(message);
  }

  private receive(message: FromBoardWorker): void {
    switch (message.type) {
      case 'output':
        this.output.push(message.bytes);
        break;
      case 'event':
        this.react(message.event);
        break;
      case 'statistics':
        this.requests.shift()?.resolve(message.statistics);
        break;
    }
  }

  private react(event: MachineEvent): void {
    switch (event.kind) {
      case 'fault':
        this.end(boardFault(this.name, event));
        break;
      case 'bootloader':
        this.end(boardInBootloader(this.name, event.why));
        break;
      case 'reset':
        // As with a real board, the program greets again.
        break;
    }
  }

  private fail(error: Error): void {
    this.end(boardWorkerFailed(this.name, error));
  }

  private end(reason?: Parameters<BoardOutput['finish']>[0]): void {
    this.output.finish(reason);
    for (const { reject } of this.requests.splice(0)) reject(reason ?? boardClosed(this.name));
  }
}

/** Contents of the flash from a UF2 file. */
function flashParts(uf2: Uint8Array): FlashPart[] {
  const { value, problems } = readUf2(uf2);
  if (!value) throw badFirmware(problems.map(({ message }) => message).join(' '));
  return value.map(({ address, data }) => {
    const offset = address - flashBase;
    if (offset < 0 || offset + data.length > flashBytes) {
      throw badFirmware(`it has contents for 0x${address.toString(16)}, outside the flash.`);
    }
    return { offset, data };
  });
}
