import { boardClosed, portLost } from '../../node/board/board-errors';
import type { WireItem } from '../../core/wire/records';
import type { Transport } from '../../node/board/link/transport';
import { Listeners, type Disposer, type Listener } from '../../node/board/listeners';
import type { MachineEvent } from '../../emulator';
import type { StarmindError } from '../../node/starmind-error';
import type { WindowPico } from '../virtual-pico/window-pico';

function endsProgram(kind: MachineEvent['kind']): boolean {
  return kind === 'fault' || kind === 'device-fault' || kind === 'bootloader';
}

/** The serial port of the window's virtual Pico. As with a real one, a restart closes it. */
export class WindowPicoTransport implements Transport {
  readonly name = 'Virtual Pico';
  private readonly closings = new Listeners<StarmindError | undefined>();
  private ends: Disposer[] = [];
  private isOpen = false;
  private isClosed = false;
  private write_: ((bytes: Uint8Array) => void) | undefined;

  constructor(private readonly windowPico: WindowPico) {}

  async open(): Promise<void> {
    const pico = await this.windowPico.on();
    if (this.isClosed) throw boardClosed(this.name);
    this.isOpen = true;
    this.write_ = (bytes) => pico.write(bytes);
    this.ends.push(
      this.windowPico.onRestart(() => this.finish(portLost(this.name))),
      pico.onEvent(({ kind }) => {
        // After other events the program goes on, or restarts, which onRestart reports.
        if (endsProgram(kind)) this.finish(portLost(this.name));
      }),
      pico.onEnd(() => this.finish(boardClosed(this.name))),
    );
  }

  write(bytes: Uint8Array): boolean {
    if (!this.isOpen) return false;
    this.write_?.(bytes);
    return true;
  }

  /** The output of the virtual Pico is in memory already, so there is nothing to hold back. */
  hold(): void {
    return;
  }

  onData(listener: Listener<Uint8Array>): Disposer {
    const end = this.windowPico.onOutput(listener);
    this.ends.push(end);
    return end;
  }

  onItems(listener: Listener<readonly WireItem[]>): Disposer {
    const end = this.windowPico.onItems(listener);
    this.ends.push(end);
    return end;
  }

  onClosed(listener: Listener<StarmindError | undefined>): Disposer {
    return this.closings.add(listener);
  }

  setBaudRate(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.finish();
    return Promise.resolve();
  }

  private finish(reason?: StarmindError): void {
    for (const end of this.ends.splice(0)) end();
    if (!this.isOpen) return;
    this.isOpen = false;
    this.closings.emit(reason);
  }
}
