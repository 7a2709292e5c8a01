import { readFileSync } from 'node:fs';
import type { VirtualPicoPower, VirtualPicoReading } from '../../../core/wire/virtual-pico';
import { Machine, type MachineEvent } from '../../../emulator';
import { assetPath } from '../../assets';
import { Turns } from '../link/turns';
import { DebugServer } from './debug-server';
import type { BoardWorkerStart, Contents, FromBoardWorker } from './messages';
import { Meter } from './meter';
import { Pacer } from './pacer';
import { RegionFile } from './region-file';

/** Cycles of one piece; short, since a paced board stops only between pieces. */
const pieceCycles = 100_000;
/** Longest piece at rest, in seconds of the chip: nothing happens in it before an alarm. */
const longestRest = 10;
/** Longest time without reading messages. */
const sliceMs = 8;

/** Runs a machine in slices on an event loop, so that input and requests get through. */
export class Runner {
  private readonly machine: Machine;
  private readonly meter: Meter;
  private pacer: Pacer;
  private power: VirtualPicoPower = 'running';
  /** Number of the present start, as the host counts them. */
  private start = 0;
  private output: Uint8Array[] = [];
  private events: MachineEvent[] = [];
  private waiting: NodeJS.Timeout | undefined;
  private scheduled: NodeJS.Immediate | undefined;
  private debugging: DebugServer | undefined;
  private readonly debugTurns = new Turns();

  constructor(
    private readonly begun: BoardWorkerStart,
    private readonly post: (message: FromBoardWorker) => void,
  ) {
    const { flash, sram, paced } = begun;
    this.paced = paced;
    this.pacer = new Pacer(paced);
    this.translations = this.translationsOf(begun);
    this.machine = new Machine(
      flash,
      {
        onOutput: (bytes) => this.output.push(bytes),
        onEvent: (event) => this.events.push(event),
      },
      { regions: this.translations?.load() ?? [] },
    );
    if (sram) this.machine.runFromSram(sram.parts, sram.entry);
    this.meter = new Meter(this.machine);
    this.resume();
  }

  private paced: boolean;
  private translations: RegionFile | undefined;

  write(bytes: Uint8Array): void {
    const isOn = this.power === 'running' || this.power === 'halted';
    if (!isOn) return;
    this.machine.write(bytes);
    if (this.power === 'halted') return;
    this.pacer.noteActivity();
    this.resume();
  }

  read(): VirtualPicoReading {
    return this.meter.read(this.power, this.paced);
  }

  /** Switches the supply; the contents of the flash stay. */
  setPower(on: boolean, start: number): void {
    this.start = start;
    if (on === (this.power !== 'off')) return;
    if (on) this.begin(() => this.machine.powerOn());
    else this.stop('off');
  }

  /**
   * As pulling RUN low does, with the BOOTSEL button held or not. A program that a debugger has
   * halted stays halted, at its beginning.
   */
  restart(bootsel: boolean, start: number): void {
    this.start = start;
    const wasHalted = this.power === 'halted';
    this.begin(() => this.machine.restart(bootsel));
    if (wasHalted && !bootsel) this.stop('halted');
  }

  program({ flash, sram }: Contents, start: number): void {
    this.start = start;
    this.keepTranslations();
    this.translations = this.translationsOf({ flash, ...(sram && { sram }) });
    this.machine.program(flash);
    this.begin(() => {
      if (sram) this.machine.runFromSram(sram.parts, sram.entry);
      else this.machine.restart();
    });
  }

  /** Writes what was translated to a file, for the next start of the same program. */
  keepTranslations(): void {
    this.translations?.save(this.machine.regions());
  }

  private translationsOf(program: Contents): RegionFile | undefined {
    const { translations } = this.begun;
    if (translations === undefined) return undefined;
    return new RegionFile(translations, readFileSync(assetPath('board-worker.js')), program);
  }

  pace(paced: boolean): void {
    this.paced = paced;
    this.pacer = new Pacer(paced);
    if (this.power === 'running') this.resume();
  }

  /** Starts or stops the GDB server. */
  debug(on: boolean): Promise<void> {
    // Answer every request, in the order of the requests.
    return this.debugTurns.take(() => this.serveDebuggers(on));
  }

  private async serveDebuggers(on: boolean): Promise<void> {
    if (on) {
      this.debugging ??= new DebugServer(this.machine, {
        halt: () => {
          if (this.power === 'running') this.stop('halted');
        },
        go: () => {
          if (this.power !== 'halted') return;
          this.power = 'running';
          this.resume();
        },
        restart: () => {
          if (this.power !== 'off') this.begin(() => this.machine.restart());
        },
      });
      try {
        this.post({ type: 'debugging', port: await this.debugging.listen() });
      } catch (error) {
        this.debugging = undefined;
        this.post({ type: 'debugging', problem: (error as Error).message });
      }
      return;
    }
    this.debugging?.close();
    this.debugging = undefined;
    this.post({ type: 'debugging' });
    if (this.power !== 'halted') return;
    this.power = 'running';
    this.resume();
  }

  private begin(restart: () => void): void {
    // Earlier output belongs to the start before.
    this.output = [];
    this.events = [];
    this.power = 'running';
    restart();
    this.settle();
    this.resume();
  }

  /** Continues emulation as soon as the event loop allows. */
  private resume(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.scheduled ??= setImmediate(() => {
      this.scheduled = undefined;
      this.slice();
    });
  }

  private stop(power: VirtualPicoPower): void {
    this.power = power;
    clearTimeout(this.waiting);
    this.waiting = undefined;
  }

  private slice(): void {
    if (this.power !== 'running') return;
    const { machine } = this;
    const began = performance.now();
    const { cycles } = machine.clock;
    const { idleCycles } = machine;
    let delay = 0;
    let now = began;
    while (this.goesOn() && delay === 0 && now - began < sliceMs) {
      machine.run(this.piece());
      now = performance.now();
      const slept = (machine.idleCycles - idleCycles) / (machine.clock.cycles - cycles);
      delay = this.pacer.delayAfter(machine.clock.elapsedNanos / 1e6, now, slept);
    }
    this.meter.note(now - began);
    this.settle();
    if (!this.goesOn()) return;
    if (delay > 0) this.waiting = setTimeout(() => this.resume(), delay);
    else this.resume();
  }

  /** Cycles to emulate at once: those of a sleep cost nothing, and the host then sleeps as long. */
  private piece(): number {
    const { restsFor, chip } = this.machine;
    if (!this.pacer.rests || restsFor === 0) return pieceCycles;
    return Math.max(pieceCycles, Math.min(Math.ceil(restsFor), longestRest * chip.clkSys));
  }

  private goesOn(): boolean {
    return this.power === 'running' && !this.machine.ended;
  }

  /** Reports the slice to the host: its output in one message, then its events. */
  private settle(): void {
    const { start } = this;
    if (this.output.length > 0) {
      this.pacer.noteActivity();
      this.post({ type: 'output', bytes: Uint8Array.from(Buffer.concat(this.output)), start });
      this.output = [];
    }
    for (const event of this.events) {
      if (event.kind === 'bootloader') this.power = 'bootloader';
      if (event.kind === 'fault' || event.kind === 'device-fault') this.power = 'crashed';
      this.post({ type: 'event', event, start });
    }
    this.events = [];
  }
}
