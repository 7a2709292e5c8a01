import type { BoardStatistics } from '../board';
import { Machine } from './machine';
import type { MachineEvent } from './machine-event';
import type { BoardWorkerStart, FromBoardWorker } from './messages';
import { Pacer } from './pacer';

/** Emulated in one piece; short, since a paced board stops only between pieces. */
const pieceCycles = 100_000;
/** Longest time without looking for messages. */
const sliceMs = 8;

/** Runs a machine in slices on an event loop, so that input and requests come through. */
export class Runner {
  private readonly machine: Machine;
  private readonly pacer: Pacer;
  private output: Uint8Array[] = [];
  private events: MachineEvent[] = [];
  /** Wall time spent emulating. */
  private busyMs = 0;
  private waiting: NodeJS.Timeout | undefined;

  constructor(
    { flash, paced }: BoardWorkerStart,
    private readonly post: (message: FromBoardWorker) => void,
  ) {
    this.pacer = new Pacer(paced);
    this.machine = new Machine(flash, {
      onOutput: (bytes) => this.output.push(bytes),
      onEvent: (event) => this.events.push(event),
    });
    setImmediate(() => this.slice());
  }

  write(bytes: Uint8Array): void {
    this.machine.write(bytes);
    this.pacer.noteActivity();
    if (!this.waiting) return;
    clearTimeout(this.waiting);
    this.waiting = undefined;
    setImmediate(() => this.slice());
  }

  statistics(): BoardStatistics {
    const { clock, idleCycles } = this.machine;
    const busySeconds = this.busyMs / 1000;
    return {
      cycles: clock.cycles,
      idle_cycles: idleCycles,
      emulated_seconds: clock.nanos / 1e9,
      emulated_mhz: busySeconds > 0 ? (clock.cycles - idleCycles) / busySeconds / 1e6 : 0,
    };
  }

  private slice(): void {
    const { machine } = this;
    const began = performance.now();
    const { cycles } = machine.clock;
    const { idleCycles } = machine;
    let delay = 0;
    let now = began;
    while (!machine.ended && delay === 0 && now - began < sliceMs) {
      machine.run(pieceCycles);
      now = performance.now();
      const slept = (machine.idleCycles - idleCycles) / (machine.clock.cycles - cycles);
      delay = this.pacer.delayAfter(machine.clock.nanos / 1e6, now, slept);
    }
    this.busyMs += now - began;
    this.deliver();
    if (machine.ended) return;
    if (delay > 0) {
      this.waiting = setTimeout(() => {
        this.waiting = undefined;
        this.slice();
      }, delay);
    } else {
      setImmediate(() => this.slice());
    }
  }

  /** Output goes out in one message a slice; events follow what was said before them. */
  private deliver(): void {
    if (this.output.length > 0) {
      this.pacer.noteActivity();
      this.post({ type: 'output', bytes: Uint8Array.from(Buffer.concat(this.output)) });
      this.output = [];
    }
    for (const event of this.events) this.post({ type: 'event', event });
    this.events = [];
  }
}
