import { longCount } from '../long-count';
import type { RP2040 } from 'rp2040js';
import type { Bus } from '../chip/bus';
import type { CoreNumber } from '../chip/core-number';
import { hex32 } from '../../core/chip';
import { Breakpoint, ChipFault } from '../fault';
import { replaceRegisters } from '../rp2040js';
import { instructionTable } from './decode';
import { ExceptionModel, interruptBit, nonMaskable, sleepOnExit } from './exceptions';

const pc = 15;
/** Cycles from an interrupt to the first instruction of its handler; returning costs alike. */
const exceptionCycles = 15;
/** Back to a handler, or to the program with the main or the process stack. */
const exceptionReturns: ReadonlySet<number> = new Set([0xfffffff1, 0xfffffff9, 0xfffffffd]);
/**
 * The Cortex-M0+ of the virtual Pico. Peripherals of rp2040js see it as their own core, from which
 * it inherits the exception model and the special registers; the instructions are our own, with
 * the flags and cycles of the architecture, and what hardware answers with a HardFault is thrown
 * as ChipFault.
 */
export class Core extends ExceptionModel {
  /** Cycles of clk_sys on this core's own clock. */
  time = longCount;
  /** Of `time`, those in which it slept or was held in reset. */
  idleCycles = longCount;
  /** Address of the instruction that is being executed. */
  current = 0;
  /** Where execution goes on unless it branches; an instruction elsewhere was branched to. */
  sequential = 0;
  /** The power-on state machine holds it in reset. */
  held = false;
  /** It has faulted where no handler could take it, and does nothing until a reset. */
  lockedUp = false;
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
