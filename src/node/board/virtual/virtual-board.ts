import type { Symbols } from '../../../core/export/symbols';
import type { VirtualPicoReading } from '../../../core/wire/virtual-pico';
import type { StarmindError } from '../../starmind-error';
import type { Board } from '../board';
import { BoardOutput } from '../board-output';
import { boardClosed, boardDeviceFault, boardFault, boardInBootloader } from '../board-errors';
import { contentsOf, VirtualPico } from './virtual-pico';
import type { FlashPart, MachineEvent } from '../../../emulator';

export interface VirtualBoardOptions {
  /** Keep to real time; otherwise it runs as fast as the host allows. */
  paced?: boolean;
  /** More contents of the flash, over those of the UF2 file. */
  flash?: FlashPart[];
  /** Loads the symbols for the addresses of a crash; called only when there is one. */
  symbols?: () => Promise<Symbols | undefined>;
}

/** A virtual Pico for one conversation: `open` switches it on, and `close` disposes it. */
export class VirtualBoard implements Board {
  readonly name;
  /** Long: only a program that hangs is so silent, crashes are reported, and a host may be slow. */
  readonly patience = { greeting: 120_000, answer: 1_800_000, stop: 120_000 };

  readonly onRecord;
  readonly onText;
  readonly onClosed;

  private readonly output = new BoardOutput();
  private readonly pico: VirtualPico;
  private readonly symbols: VirtualBoardOptions['symbols'];

  /** Throws a StarmindError when the UF2 file is not for this chip. */
  constructor(uf2: Uint8Array, { paced = false, flash = [], symbols }: VirtualBoardOptions = {}) {
    const { contents } = contentsOf(uf2);
    this.pico = new VirtualPico({ ...contents, flash: [...contents.flash, ...flash] }, paced);
    this.name = this.pico.name;
    this.symbols = symbols;
    this.onRecord = this.output.onRecord.bind(this.output);
    this.onText = this.output.onText.bind(this.output);
    this.onClosed = this.output.onClosed.bind(this.output);
  }

  async open(): Promise<void> {
    const { pico, output } = this;
    pico.onOutput((bytes) => output.push(bytes));
    pico.onEvent((event) => void this.react(event));
    pico.onEnd((error) => output.finish(error as StarmindError));
    await pico.start();
  }

  write(line: string): void {
    this.pico.write(Buffer.from(`${line}\n`));
  }

  async close(): Promise<void> {
    this.output.finish();
    await this.pico.dispose();
  }

  statistics(): Promise<VirtualPicoReading> {
    return this.output.closed ? Promise.reject(boardClosed(this.name)) : this.pico.read();
  }

  private async react(event: MachineEvent): Promise<void> {
    switch (event.kind) {
      case 'fault':
        this.output.finish(boardFault(this.name, event, await this.symbols?.()));
        break;
      case 'device-fault':
        this.output.finish(boardDeviceFault(this.name, event.reason));
        break;
      case 'bootloader':
        this.output.finish(boardInBootloader(this.name, event.cause));
        break;
      case 'reset':
        // As with a real board, the program greets again.
        break;
      case 'returned':
        // Work that it has started on the other core, or in devices, goes on.
        break;
      case 'handled-fault':
        // The program has a handler of its own for this.
        break;
    }
  }
}
