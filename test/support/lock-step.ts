import { buf } from 'crc-32';
import { Machine, type FlashPart } from '../../src/emulator/machine';
import type { MachineEvent } from '../../src/emulator/machine-event';
import { countingHandler, randomProgram, type Place } from './random-thumb';

/** The state of a machine that determines its next steps. */
export function stateOf({ clock, cores, chip, xip }: Machine): Record<string, unknown> {
  return {
    clock: clock.cycles,
    cores: cores.map((core) => ({
      time: core.time,
      idle: core.idleCycles,
      registers: [...core.registers],
      flags: core.xPSR,
      masked: core.PM,
      stacks: [core.SPSEL, core.bankedSP],
      interrupts: [core.pendingInterrupts, core.enabledInterrupts, ...core.interruptPriorities],
      exceptions: [core.pendingNMI, core.pendingSVCall, core.pendingPendSV, core.pendingSystick],
      interruptsUpdated: core.interruptsUpdated,
      waiting: core.waiting,
      event: core.eventRegistered,
      arrived: core.PC !== core.sequential,
      sramAccesses: core.bus.sramAccesses,
      flashAccesses: core.bus.flashAccesses,
    })),
    sram: buf(chip.sram),
    tags: buf(new Uint8Array(xip.state.entries.buffer)),
    victims: buf(xip.state.victims),
    misses: xip.misses,
  };
}

/** Two machines: one interprets the code that the other translates. */
export class LockStep {
  readonly translating: Machine;
  readonly interpreting: Machine;
  readonly events: { translating: MachineEvent[]; interpreting: MachineEvent[] } = {
    translating: [],
    interpreting: [],
  };

  constructor(flash: readonly FlashPart[]) {
    const machine = (name: keyof typeof this.events, translates: boolean) =>
      new Machine(
        flash,
        { onOutput: () => undefined, onEvent: (event) => this.events[name].push(event) },
        // Translate as early as possible, to compare much translated code.
        { translates, warmUp: 16 },
      );
    this.translating = machine('translating', true);
    this.interpreting = machine('interpreting', false);
  }

  forBoth(change: (machine: Machine) => void): void {
    change(this.translating);
    change(this.interpreting);
  }

  /** Runs both; returns their states, which ought to be the same. */
  run(cycles: number): [Record<string, unknown>, Record<string, unknown>] {
    this.forBoth((machine) => machine.run(cycles));
    return [
      { ...stateOf(this.translating), events: this.events.translating },
      { ...stateOf(this.interpreting), events: this.events.interpreting },
    ];
  }

  get ended(): boolean {
    return this.translating.ended;
  }
}

const sramBase = 0x20000000;
const flashBase = 0x10000000;

/** Places of the two cores' random programs: code in SRAM or flash, the rest apart. */
function placesOf(random: (bound: number) => number): [Place, Place] {
  const place = (core: number): Place => ({
    code: (random(3) === 0 ? flashBase : sramBase) + 0x1000 + 0x4000 * core,
    sram: sramBase + 0x20000 + 0x1000 * core + (random(2) ? 0x1e000 + 0x1000 * core : 0),
    flash: flashBase + 0x20000 + 0x800 * random(16),
  });
  return [place(0), place(1)];
}

/** Two machines with the same random program on each core, or on the first one only. */
export function randomLockStep(random: (bound: number) => number): LockStep {
  const lockStep = new LockStep([]);
  const places = placesOf(random);
  const programs = places.map((place) => randomProgram(random, place));
  const contents = Uint8Array.from({ length: 0x40000 }, () => random(256));
  const registers = Uint32Array.from({ length: 13 }, () => random(2 ** 32));
  const [single, reload] = [random(4) === 0, 500 + random(5000)];
  lockStep.forBoth((machine) => {
    machine.program([{ offset: 0, data: contents }]);
    machine.cores.forEach((core, number) => {
      const { code } = places[number] as Place;
      const halves = Uint16Array.from(programs[number] ?? []);
      const bytes = new Uint8Array(halves.buffer);
      if (code < sramBase) machine.program([{ offset: code - flashBase, data: bytes }]);
      else machine.chip.sram.set(bytes, code - sramBase);
      const vectors = sramBase + 0x30000 + 0x1000 * number;
      const handler = Uint16Array.from(countingHandler(vectors + 0x200));
      machine.chip.sram.set(new Uint8Array(handler.buffer), vectors + 0x100 - sramBase);
      core.reset();
      core.VTOR = vectors;
      core.bus.store32(vectors + 4 * 15, (vectors + 0x100) | 1);
      core.bus.store32(0xe000e014, reload);
      core.bus.store32(0xe000e018, 0);
      core.bus.store32(0xe000e010, 7);
      core.registers.set(registers);
      core.SP = vectors + 0x800;
      core.PC = code;
      core.held = number === 1 && single;
    });
  });
  return lockStep;
}
