import { basename, dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { asDeviceRecord } from '../../core/wire/device-records';
import { RecordSplitter, type WireItem } from '../../core/wire/records';
import type { MemoryUse, VirtualPicoReading } from '../../core/wire/virtual-pico';
import type { Symbols } from '../../core/export/symbols';
import { boardDeviceFault, boardFault, bootloaderReasons } from '../../node/board/board-errors';
import { Listeners, type Disposer, type Listener } from '../../node/board/listeners';
import { contentsOf, VirtualPico } from '../../node/board/virtual/virtual-pico';
import type { MachineEvent } from '../../emulator';
import { programSymbols } from '../../node/build/read-elf';
import { replaceFile } from '../../node/files';

/** The program in the flash of this window's virtual Pico. */
export interface LoadedProgram {
  name: string;
  uf2: Uint8Array;
  /** Its ELF file, whose symbols name the place of a crash. */
  elf?: string;
}

/** Milliseconds for which a notice about a past event stays. */
const passing = 10_000;

const programFile = 'virtual-pico.uf2';
const nameFile = 'virtual-pico.json';

/**
 * The virtual Pico of a window: one board, which panel, monitor and flash commands share. It starts
 * when it is first needed; it keeps its program for the next window.
 */
export class WindowPico {
  private pico: VirtualPico | undefined;
  private starting: Promise<VirtualPico> | undefined;
  private loaded: LoadedProgram | undefined;
  private greeted: MemoryUse | undefined;
  /** Splits the output of its program once, for all listeners. */
  private splitter = new RecordSplitter();
  /** Why it has stopped by itself; `on` starts it again. */
  private failure: Error | undefined;
  private isPaced = true;
  private address: string | undefined;
  private readonly outputs = new Listeners<Uint8Array>();
  private readonly items = new Listeners<readonly WireItem[]>();
  private readonly restarts = new Listeners<void>();
  private readonly notices = new Listeners<string | undefined>();
  private told: string | undefined;
  private forgetting: NodeJS.Timeout | undefined;
  private readonly programs = new Listeners<LoadedProgram | undefined>();
  private readonly debugging = new Listeners<void>();
  private readonly memories = new Listeners<MemoryUse | undefined>();

  /** @param folder where its program is kept */
  constructor(private readonly folder: string) {}

  get program(): LoadedProgram | undefined {
    return this.loaded;
  }

  /** Where debuggers may attach, host:port; undefined when they may not. */
  get debugAddress(): string | undefined {
    return this.address;
  }

  /** How its program uses the memory; undefined until the program has reported it. */
  get memory(): MemoryUse | undefined {
    return this.greeted;
  }

  /** Switched on by the first call; later ones give the same board. */
  async on(): Promise<VirtualPico> {
    if (this.pico) return this.pico;
    this.failure = undefined;
    this.starting ??= this.start().finally(() => (this.starting = undefined));
    return this.starting;
  }

  onOutput(listener: Listener<Uint8Array>): Disposer {
    return this.outputs.add(listener);
  }

  /** The output of its program, split into items. */
  onItems(listener: Listener<readonly WireItem[]>): Disposer {
    return this.items.add(listener);
  }

  /** Its program has restarted, so the listener now talks to a new one. */
  onRestart(listener: Listener<void>): Disposer {
    return this.restarts.add(listener);
  }

  /** The last event, in words; undefined when there was none, or its time is over. */
  get notice(): string | undefined {
    return this.told;
  }

  onNotice(listener: Listener<string | undefined>): Disposer {
    return this.notices.add(listener);
  }

  onProgram(listener: Listener<LoadedProgram | undefined>): Disposer {
    return this.programs.add(listener);
  }

  onMemory(listener: Listener<MemoryUse | undefined>): Disposer {
    return this.memories.add(listener);
  }

  /** The GDB server has started or stopped. */
  onDebugging(listener: Listener<void>): Disposer {
    return this.debugging.add(listener);
  }

  /**
   * Puts a program on it and starts it.
   *
   * @throws StarmindError `board.firmware` when the file is not for this chip
   */
  async load(program: LoadedProgram): Promise<void> {
    const { problems } = contentsOf(program.uf2);
    const pico = await this.on();
    pico.program(program.uf2);
    this.loaded = program;
    this.programs.emit(program);
    this.begin();
    if (problems.length > 0) this.say(problems.map(({ message }) => message).join(' '));
    await mkdir(this.folder, { recursive: true });
    await replaceFile(join(this.folder, programFile), program.uf2);
    const { name, elf } = program;
    await replaceFile(join(this.folder, nameFile), JSON.stringify({ name, elf }));
  }

  async setPower(on: boolean): Promise<void> {
    (await this.on()).setPower(on);
    this.begin();
  }

  async restart(bootsel: boolean): Promise<void> {
    (await this.on()).restart(bootsel);
    this.begin();
  }

  async pace(paced: boolean): Promise<void> {
    this.isPaced = paced;
    (await this.on()).pace(paced);
  }

  /**
   * Starts the GDB server; resolves to its address, host:port.
   *
   * @throws StarmindError `board.debug` when no port is free
   */
  async serveDebuggers(): Promise<string> {
    const address = `127.0.0.1:${await (await this.on()).debug(true)}`;
    this.address = address;
    this.debugging.emit();
    return address;
  }

  async dismissDebuggers(): Promise<void> {
    await (await this.on()).debug(false);
    this.address = undefined;
    this.debugging.emit();
  }

  /** @throws the error that has stopped it: reading does not start it again */
  async read(): Promise<VirtualPicoReading> {
    if (this.failure) throw this.failure;
    return (await this.on()).read();
  }

  async dispose(): Promise<void> {
    clearTimeout(this.forgetting);
    const pico = this.pico ?? (await this.starting?.catch(() => undefined));
    await pico?.dispose();
  }

  private begin(): void {
    this.say(undefined);
    this.forget();
    this.restarts.emit();
  }

  /** Drops what the last program has reported; a new one will not repeat it. */
  private forget(): void {
    this.splitter = new RecordSplitter();
    this.learn(undefined);
  }

  private take(items: readonly WireItem[]): void {
    this.items.emit(items);
    for (const item of items) {
      const record = item.kind === 'record' ? asDeviceRecord(item.value) : undefined;
      if (record?.record === 'hello') this.learn(record.memory);
    }
  }

  private learn(memory: MemoryUse | undefined): void {
    this.greeted = memory;
    this.memories.emit(memory);
  }

  private async start(): Promise<VirtualPico> {
    this.loaded ??= await this.kept();
    const pico = new VirtualPico(
      this.loaded ? contentsOf(this.loaded.uf2).contents : { flash: [] },
      this.isPaced,
    );
    this.forget();
    pico.onOutput((bytes) => {
      this.outputs.emit(bytes);
      this.take(this.splitter.push(bytes));
    });
    pico.onEvent((event) => void this.tell(event));
    pico.onEnd((error) => {
      this.pico = undefined;
      this.failure = error;
      this.address = undefined;
      this.debugging.emit();
      this.say(error.message);
    });
    await pico.start();
    this.pico = pico;
    this.programs.emit(this.loaded);
    return pico;
  }

  private async tell(event: MachineEvent): Promise<void> {
    switch (event.kind) {
      case 'fault': {
        const { splitter } = this;
        const fault = boardFault('the virtual Pico', event, await this.symbols());
        // The program may have restarted while its symbols were read.
        if (this.splitter === splitter) this.say(fault.message);
        return;
      }
      case 'returned':
        return this.say(`Its program has returned from main; core ${event.core} has stopped.`);
      case 'handled-fault':
        return this.say(
          `Its program has handled a HardFault of core ${event.core}: ${event.reason}.`,
        );
      case 'device-fault':
        return this.say(boardDeviceFault('the virtual Pico', event.reason).message);
      case 'bootloader':
        return this.say(`${bootloaderReasons[event.cause]} It waits for a UF2 file.`);
      case 'reset':
        this.forget();
        this.restarts.emit();
        this.say(`${event.by === 'watchdog' ? 'The watchdog' : 'Its program'} has restarted it.`);
        this.forgetting = setTimeout(() => this.say(undefined), passing);
    }
  }

  private say(text: string | undefined): void {
    clearTimeout(this.forgetting);
    this.told = text;
    this.notices.emit(text);
  }

  private async symbols(): Promise<Symbols | undefined> {
    const elf = this.loaded?.elf;
    return elf === undefined ? undefined : programSymbols(elf);
  }

  /** The program of the last window, if it can still be read. */
  private async kept(): Promise<LoadedProgram | undefined> {
    try {
      const uf2 = await readFile(join(this.folder, programFile));
      contentsOf(uf2);
      const kept = JSON.parse(await readFile(join(this.folder, nameFile), 'utf8')) as {
        name?: unknown;
        elf?: unknown;
      };
      const name = typeof kept.name === 'string' ? kept.name : programFile;
      return { name, uf2, ...(typeof kept.elf === 'string' && { elf: kept.elf }) };
    } catch {
      return undefined;
    }
  }
}

/** Reads a UF2 file of the user's, with the ELF file that a build leaves beside it. */
export async function programOf(path: string): Promise<LoadedProgram> {
  const elf = path.replace(/\.uf2$/i, '.elf');
  const folder = basename(dirname(path));
  return {
    name: folder === 'build' ? basename(dirname(dirname(path))) : basename(path),
    uf2: await readFile(path),
    ...(existsSync(elf) && { elf }),
  };
}
