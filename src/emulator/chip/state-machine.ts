import type { RP2040 } from 'rp2040js';
import { correctStateMachine } from './pio-corrections';

type StockBlock = RP2040['pio'][number];
type StockMachine = StockBlock['machines'][number];

/** Dividers count in these parts of a cycle of clk_sys. */
export const partsOfCycle = 256;
/** As CLKDIV's whole part, 0 stands for this. */
const longestDivider = 65536;
/** What rp2040js calls a machine that waits for a pin. */
const waitsForPin = 1;

/**
 * A state machine of a PIO block in the time of the chip: its clock is clk_sys over its divider, and
 * each instruction takes one tick and its delay. rp2040js knows what the instructions do.
 */
export class StateMachine {
  /** When its next tick is, in parts of a cycle. */
  next = 0;
  /** Ticks of rp2040js's count that have been taken. */
  private taken = 0;
  /** Its instruction waits; what ends that may come between two ticks. */
  private stalled = false;
  /** It has not ticked lately, while its clock went on. */
  private rested = true;

  constructor(
    private readonly block: StockBlock,
    private readonly machine: StockMachine,
  ) {
    correctStateMachine(machine);
  }

  get enabled(): boolean {
    return this.machine.enabled;
  }

  /**
   * Whether something may happen at its next tick. A change of FIFOs or flags wakes a
   * machine that waits for them.
   */
  get ticks(): boolean {
    const { enabled, waiting, waitType } = this.machine;
    return enabled && (!waiting || (waitType as number) === waitsForPin);
  }

  /** Looks at it at a time in parts of a cycle: one that ticks again does so in step with its clock. */
  look(now: number): void {
    this.keepTime(now);
    this.rested = !this.ticks;
  }

  /** Its clock goes on while it rests: to the first tick after a time. */
  keepTime(now: number): void {
    if (!this.rested || this.next > now) return;
    this.next += (Math.floor((now - this.next) / this.divider) + 1) * this.divider;
  }

  /** Does what its next tick does, to the pins too. */
  tick(): void {
    const { block, machine } = this;
    const completes = this.stalled;
    if (completes) machine.checkWait();
    else {
      machine.updatePC = true;
      machine.executeInstruction(block.instructions[machine.pc] ?? 0);
      if (machine.updatePC) machine.nextPC();
    }
    this.stalled = machine.waiting;
    // An instruction that has waited takes the tick in which it completes, and its delay.
    this.next += (machine.cycles - this.taken + (completes ? 1 : 0)) * this.divider;
    this.taken = machine.cycles;
    block.checkChangedPins();
  }

  /** It was restarted, or executed an instruction out of turn, which takes no ticks. */
  settle(): void {
    this.taken = this.machine.cycles;
    this.stalled = this.machine.waiting;
  }

  /** Begins a period of its clock at a time in parts of a cycle. */
  restartClock(now: number): void {
    this.next = now + this.divider;
  }

  private get divider(): number {
    const { clockDivInt, clockDivFrac } = this.machine;
    return (clockDivInt || longestDivider) * partsOfCycle + (clockDivInt ? clockDivFrac : 0);
  }
}
