import { longCount } from '../long-count';
import type { RP2040 } from 'rp2040js';
import type { Bus } from '../chip/bus';
import type { CoreNumber } from '../chip/core-number';
import { hex32 } from '../../core/chip';
import { Breakpoint, ChipFault } from '../fault';
import { replaceRegisters, StockCore } from '../rp2040js';
import { instructionTable } from './decode';

const pc = 15;
const nonMaskable = 2;
const nonMaskablePriority = -2;
/** Number of the exception of interrupt 0. */
export const firstInterrupt = 16;
const priorities = 4;
/** Cycles from an interrupt to the first instruction of its handler; returning costs alike. */
const exceptionCycles = 15;
/** Back to a handler, or to the program with the main or the process stack. */
const exceptionReturns: ReadonlySet<number> = new Set([0xfffffff1, 0xfffffff9, 0xfffffffd]);
/** Bits of SCR: a core sleeps when its last handler ends; what becomes pending is an event. */
const sleepOnExit = 2;
const eventOnPending = 16;

/**
 * The Cortex-M0+ of the virtual Pico. Peripherals of rp2040js see it as their own core, from which
 * it inherits the exception model and the special registers; the instructions are our own, with
 * the flags and cycles of the architecture, and what hardware answers with a HardFault is thrown
 * as ChipFault.
 */
export class Core extends StockCore {
  /** Cycles of clk_sys on this core's own clock. */
  time = longCount;
  /** Of `time`, those in which it slept or was held in reset. */
  idleCycles = longCount;
  /** Address of the instruction that is being executed. */
  current = 0;
  /** Where execution goes on unless it branches; an instruction elsewhere was branched to. */
  sequential = 0;
  /** It sleeps until an event, and not only until an interrupt. */
  waitsForEvent = false;
  /** The power-on state machine holds it in reset. */
  held = false;
  /** It has faulted where no handler could take it, and does nothing until a reset. */
  lockedUp = false;
  /** SCR: what the program wants of its sleep. */
  sleepControl = 0;
  /** Addresses at which debuggers halt. */
  breakpoints: ReadonlySet<number> = new Set();
  /** Called for `udf #n` in the boot ROM; returns the cycles that the service takes. */
  onTrap: (number: number) => number = (number) => {
    throw new ChipFault(`boot ROM trap ${number} without a service`);
  };
  /** Called by SEV, which all cores hear. */
  onEvent: () => void = () => this.noteEvent();
  /** The registers again, with sign: such numbers stay in machine registers of the host. */
  readonly signed: Int32Array;

  /** Interrupts that devices ask for at present; `pendingInterrupts` remembers that they have. */
  private lines = 0;
  /** Interrupts whose handlers run, or wait for a more urgent one to end. */
  private active = 0;

  /** @param registers where they lie */
  constructor(
    chip: RP2040,
    readonly number: CoreNumber,
    readonly bus: Bus,
    registers: Uint32Array,
  ) {
    super(chip);
    this.time = 0;
    this.idleCycles = 0;
    replaceRegisters(this, registers);
    this.signed = new Int32Array(registers.buffer, registers.byteOffset, registers.length);
  }

  /** A register, with sign. */
  get(register: number): number {
    return this.signed[register] ?? 0;
  }

  set(register: number, value: number): void {
    this.signed[register] = value;
  }

  /** Value of the program counter as instructions see it: 4 beyond their own address. */
  get pcOperand(): number {
    return this.get(pc) + 2;
  }

  /** SVC is taken at once; what keeps it from that is a fault. */
  get takesSupervisorCalls(): boolean {
    return !this.PM && this.svCallPriority < this.exceptionPriority(this.IPSR);
  }

  /** It executes instructions: it neither sleeps nor is held in reset. */
  get awake(): boolean {
    return !this.waiting && !this.held && !this.lockedUp;
  }

  /** It sleeps, and something has happened that may end that. */
  get mayWake(): boolean {
    return this.interruptsUpdated && this.waiting && !this.held;
  }

  /** Stops for good where it is. */
  lockUp(): void {
    this.signed[pc] = this.current;
    this.lockedUp = true;
  }

  /** Comes up to the chip's clock, after it has not run. */
  catchUp(cycles: number): void {
    const now = Math.max(this.time, cycles);
    this.idleCycles += now - this.time;
    this.time = now;
  }

  /**
   * Executes one instruction and returns its cycles. Interrupts are taken between steps.
   *
   * @throws Breakpoint when a debugger wants to halt before it
   */
  step(): number {
    const address = this.get(pc);
    if (this.breakpoints.size > 0 && this.breakpoints.has(address)) {
      this.current = address;
      throw new Breakpoint('a debugger halts here');
    }
    return this.execute(address);
  }

  /** As step, but past a breakpoint. */
  execute(address: number): number {
    this.current = address;
    const opcode = this.bus.fetch(address, address !== this.sequential);
    this.sequential = address + 2;
    this.signed[pc] = address + 2;
    const execute = instructionTable[opcode];
    if (!execute) throw new ChipFault(`undefined instruction 0x${opcode.toString(16)}`);
    return execute(this, opcode) + this.bus.takeStall();
  }

  /** The second half of the instruction that is being executed. */
  fetchSecondHalf(): number {
    const address = this.get(pc);
    const half = this.bus.fetch(address, false);
    this.sequential = address + 2;
    this.signed[pc] = address + 2;
    return half;
  }

  /** Sets PRIMASK, whose end lets in what has waited for it. */
  mask(masked: boolean): void {
    if (this.PM && !masked) this.interruptsUpdated = true;
    this.PM = masked;
  }

  /** Sleeps until an interrupt. */
  waitForInterrupt(): void {
    this.waiting = true;
    // What is pending already ends the wait.
    this.interruptsUpdated = true;
  }

  /** Sleeps until an event, unless one has been noted. */
  waitForEvent(): void {
    if (this.eventRegistered) {
      this.eventRegistered = false;
      return;
    }
    this.waitForInterrupt();
    this.waitsForEvent = true;
  }

  /** Some core has executed SEV, or something else that counts as an event has happened. */
  noteEvent(): void {
    if (this.waiting && this.waitsForEvent) {
      this.waiting = false;
      this.waitsForEvent = false;
    } else {
      this.eventRegistered = true;
    }
  }

  /** Back to the state after power-on, and on to the reset vector. */
  override reset(): void {
    this.IPSR = 0;
    this.VTOR = 0;
    this.PM = false;
    this.SPSEL = 0;
    this.nPRIV = false;
    this.currentMode = 0;
    // Devices go on asking.
    this.pendingInterrupts = this.lines;
    this.active = 0;
    this.enabledInterrupts = 0;
    this.interruptPriorities = [0xffffffff, 0, 0, 0];
    this.pendingNMI = this.pendingPendSV = this.pendingSVCall = this.pendingSystick = false;
    this.sleepControl = 0;
    this.SHPR2 = 0;
    this.SHPR3 = 0;
    this.interruptsUpdated = false;
    this.eventRegistered = false;
    this.waiting = false;
    this.waitsForEvent = false;
    this.lockedUp = false;
    super.reset();
    this.sequential = -1;
  }

  /** Continues at an address whose lowest bit tells Thumb, the only state of this processor. */
  branchExchange(address: number): void {
    if ((address & 1) === 0) throw new ChipFault(`branch to ${hex32(address)}, which is not Thumb`);
    this.signed[pc] = address & ~1;
  }

  /** As branchExchange, but in a handler the special values return from the exception. */
  override BXWritePC(address: number): void {
    if (this.IPSR !== 0 && address >>> 28 === 0xf) {
      if (!exceptionReturns.has(address >>> 0)) {
        throw new ChipFault(`return from an exception by ${hex32(address)}`);
      }
      this.time += exceptionCycles;
      this.exceptionReturn(address & 0x0fffffff);
    } else {
      this.branchExchange(address);
    }
  }

  override exceptionEntry(exception: number): void {
    // A fault in it lies between the instruction before and the one that it comes before.
    this.current = this.get(pc);
    super.exceptionEntry(exception);
    this.time += exceptionCycles + this.bus.takeStall();
    // The vector carries the Thumb bit; rp2040js leaves it in the program counter.
    const vector = this.get(pc);
    this.signed[pc] = vector & ~1;
    if ((vector & 1) !== 0) return;
    this.current = vector;
    throw new ChipFault(`vector ${exception} is ${hex32(vector)}, which is not Thumb`);
  }

  override exceptionReturn(excReturn: number): void {
    const handled = interruptBit(this.IPSR);
    super.exceptionReturn(excReturn);
    this.active &= ~handled;
    // A device that still asks is heard again.
    this.pend(handled & this.lines);
    if (this.IPSR === 0 && this.sleepControl & sleepOnExit) this.waitForInterrupt();
  }

  /** A device asks for an interrupt, or no longer does; that it has asked is remembered. */
  override setInterrupt(irq: number, value: boolean): void {
    const bit = 1 << irq;
    const rises = value && (this.lines & bit) === 0;
    if (!value) this.lines &= ~bit;
    if (!rises) return;
    this.lines |= bit;
    this.pend(bit);
  }

  /** Makes interrupts pending, by their bits, until they are taken or cleared. */
  pend(interrupts: number): void {
    const isNews = (interrupts & ~this.pendingInterrupts) !== 0;
    if (isNews && this.sleepControl & eventOnPending) this.noteEvent();
    this.pendingInterrupts |= interrupts;
    this.interruptsUpdated = true;
  }

  /** Clears what is pending, but for what devices ask for and no handler has taken on. */
  unpend(interrupts: number): void {
    this.pendingInterrupts &= ~interrupts | (this.lines & ~this.active);
  }

  /**
   * Takes the most urgent pending exception if it may run now. One that PRIMASK alone holds back
   * still ends WFI, as the architecture asks.
   */
  override checkForInterrupts(): boolean {
    this.interruptsUpdated = false;
    const exception = this.mostUrgent(this.exceptionPriority(this.IPSR));
    if (exception === 0) return false;
    this.waiting = false;
    this.waitsForEvent = false;
    if (this.PM && exception !== nonMaskable) return false;
    this.acknowledge(exception);
    this.exceptionEntry(exception);
    // A still more urgent one may come with the next change only, so look again at once.
    this.interruptsUpdated = true;
    return true;
  }

  /**
   * Number of the most urgent pending exception, PRIMASK aside; 0 if there is none.
   *
   * @param current only one that would preempt what has this priority
   */
  mostUrgent(current = priorities): number {
    if (this.pendingNMI && current > nonMaskablePriority) return nonMaskable;
    const ready = this.pendingInterrupts & this.enabledInterrupts;
    for (let priority = 0; priority < Math.min(current, priorities); priority++) {
      if (this.pendingSVCall && priority === this.svCallPriority) return 11;
      if (this.pendingPendSV && priority === this.pendSVPriority) return 14;
      if (this.pendingSystick && priority === this.systickPriority) return 15;
      const level = ready & (this.interruptPriorities[priority] ?? 0);
      // The lowest number wins: its bit alone, then its index.
      if (level !== 0) return firstInterrupt + 31 - Math.clz32(level & -level);
    }
    return 0;
  }

  private acknowledge(exception: number): void {
    if (exception === nonMaskable) this.pendingNMI = false;
    else if (exception === 11) this.pendingSVCall = false;
    else if (exception === 14) this.pendingPendSV = false;
    else if (exception === 15) this.pendingSystick = false;
    const taken = interruptBit(exception);
    this.pendingInterrupts &= ~taken;
    this.active |= taken;
  }

  override executeInstruction(): number {
    if (this.interruptsUpdated) this.checkForInterrupts();
    return this.step();
  }

  override readUint32(address: number): number {
    return this.bus.load32(address) >>> 0;
  }

  override writeUint32(address: number, value: number): void {
    this.bus.store32(address, value);
  }
}

/** The bit of the interrupt that an exception is; 0 of the processor's own exceptions. */
function interruptBit(exception: number): number {
  return exception < firstInterrupt ? 0 : 1 << (exception - firstInterrupt);
}
