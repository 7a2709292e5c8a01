import { Worker } from 'node:worker_threads';
import { chip } from '../../../core/chip';
import { readUf2, sramEntry } from '../../../core/export/uf2';
import type { Problem } from '../../../core/problem';
import type { VirtualPicoReading } from '../../../core/wire/virtual-pico';
import { assetPath } from '../../assets';
import { cacheFolder } from '../../cache';
import { badFirmware, boardClosed, boardWorkerFailed, debuggingFailed } from '../board-errors';
import { Listeners, type Disposer, type Listener } from '../listeners';
import type { MachineEvent } from '../../../emulator';
import type { Contents, FromBoardWorker, ToBoardWorker } from './messages';

/** Time that a thread has to end. */
const patienceMs = 500;
/** What `Worker.threadId` becomes. */
const endedThread = -1;

interface Request<T> {
  resolve: (value: T) => void;
  reject: (reason: Error) => void;
}

function newWorker(): Worker {
  return new Worker(assetPath('board-worker.js'));
}

/** A started thread that no Pico uses yet. */
let spare: { worker: Worker; isOnline: boolean } | undefined;

/**
 * Starts the thread of the next virtual Pico before its program is known: loading the emulator
 * takes as long as checking whether a program is up to date. It does not keep the process alive.
 */
export function prepareVirtualPico(): void {
  if (spare) return;
  const prepared = { worker: newWorker(), isOnline: false };
  spare = prepared;
  prepared.worker.unref();
  prepared.worker.once('online', () => (prepared.isOnline = true));
  // A later caller starts another thread, and gets its error.
  prepared.worker.once('error', () => spare === prepared && (spare = undefined));
}

/**
 * A Pico, emulated in a thread of its own, with a power supply, a BOOTSEL button and a serial port.
 * It lives until `dispose`, whatever its program does.
 */
export class VirtualPico {
  readonly name = 'the virtual Pico';

  private readonly outputs = new Listeners<Uint8Array>();
  private readonly events = new Listeners<MachineEvent>();
  private readonly failures = new Listeners<Error>();
  private readonly readings: Request<VirtualPicoReading>[] = [];
  private readonly debugRequests: Request<number | undefined>[] = [];
  private worker: Worker | undefined;
  /** Number of starts of its program: messages of an earlier start are dropped. */
  private starts = 0;

  /**
   * @param contents without any it starts in the boot loader
   * @param paced keep to real time; otherwise it runs as fast as the host allows
   */
  constructor(
    private readonly contents: Contents,
    private readonly paced: boolean,
  ) {}

  /** Switches it on for the first time. */
  async start(): Promise<void> {
    const worker = spare?.worker ?? newWorker();
    const isOnline = spare?.isOnline ?? false;
    spare = undefined;
    worker.ref();
    this.worker = worker;
    worker.on('message', (message: FromBoardWorker) => this.receive(message));
    worker.on('error', (error) => this.fail(boardWorkerFailed(this.name, error)));
    worker.on('exit', () => this.fail(boardClosed(this.name)));
    const translations = cacheFolder('translations');
    this.post({ type: 'begin', ...this.contents, paced: this.paced, translations });
    if (isOnline) return;
    await new Promise<void>((resolve, reject) => {
      worker.once('online', resolve);
      worker.once('error', reject);
    });
  }

  /** Bytes that its program sends, in pieces. */
  onOutput(listener: Listener<Uint8Array>): Disposer {
    return this.outputs.add(listener);
  }

  onEvent(listener: Listener<MachineEvent>): Disposer {
    return this.events.add(listener);
  }

  /** The thread has ended: by a bug of ours, or by `dispose`. */
  onEnd(listener: Listener<Error>): Disposer {
    return this.failures.add(listener);
  }

  write(bytes: Uint8Array): void {
    this.post({ type: 'input', bytes: Uint8Array.from(bytes) });
  }

  setPower(on: boolean): void {
    this.post({ type: 'power', on, start: ++this.starts });
  }

  /** @param bootsel hold the BOOTSEL button: it becomes a USB drive */
  restart(bootsel = false): void {
    this.post({ type: 'restart', bootsel, start: ++this.starts });
  }

  /**
   * Puts a UF2 file on it, which replaces those parts of its flash, and restarts it.
   *
   * @throws StarmindError `board.firmware` when the file is not for this chip
   */
  program(uf2: Uint8Array): void {
    this.post({ type: 'program', ...contentsOf(uf2).contents, start: ++this.starts });
  }

  pace(paced: boolean): void {
    this.post({ type: 'pace', paced });
  }

  read(): Promise<VirtualPicoReading> {
    return this.request(this.readings, { type: 'read' });
  }

  /**
   * Starts or stops the GDB server. Resolves to its port on this computer.
   *
   * @throws StarmindError `board.debug` when no port is free
   */
  debug(on: boolean): Promise<number | undefined> {
    return this.request(this.debugRequests, { type: 'debug', on });
  }

  async dispose(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    if (worker.threadId !== endedThread) await this.end(worker);
    await worker.terminate();
  }

  /** Lets the thread end by itself, which it does at once unless something is wrong with it. */
  private end(worker: Worker): Promise<void> {
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, patienceMs);
      worker.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      this.post({ type: 'end' });
    });
  }

  private request<T>(waiting: Request<T>[], message: ToBoardWorker): Promise<T> {
    if (!this.worker) return Promise.reject(boardClosed(this.name));
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      this.post(message);
    });
  }

  private post(message: ToBoardWorker): void {
    this.worker?.postMessage(message);
  }

  private receive(message: FromBoardWorker): void {
    switch (message.type) {
      case 'output':
        if (message.start === this.starts) this.outputs.emit(message.bytes);
        return;
      case 'event':
        if (message.start === this.starts) this.events.emit(message.event);
        return;
      case 'reading':
        return this.readings.shift()?.resolve(message.reading);
      case 'debugging': {
        const request = this.debugRequests.shift();
        if (message.problem !== undefined) request?.reject(debuggingFailed(message.problem));
        else request?.resolve(message.port);
      }
    }
  }

  private fail(error: Error): void {
    if (!this.worker) return;
    this.worker = undefined;
    for (const { reject } of [...this.readings.splice(0), ...this.debugRequests.splice(0)]) {
      reject(error);
    }
    this.failures.emit(error);
  }
}

/**
 * The contents of a UF2 file, as the boot ROM accepts it, with warnings about them.
 *
 * @throws StarmindError `board.firmware`
 */
export function contentsOf(uf2: Uint8Array): { contents: Contents; problems: Problem[] } {
  const { value, problems } = readUf2(uf2);
  if (!value) throw badFirmware(problems.map(({ message }) => message).join(' '));
  const entry = sramEntry(value);
  const base = entry === undefined ? chip.flashAddress : chip.sramAddress;
  const parts = value.map(({ address, data }) => ({ offset: address - base, data }));
  const contents = entry === undefined ? { flash: parts } : { flash: [], sram: { parts, entry } };
  return { contents, problems };
}
