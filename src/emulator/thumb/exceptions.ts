import { StockCore } from '../rp2040js';

/** Number of the exception. */
export const nonMaskable = 2;
const nonMaskablePriority = -2;
/** Number of the exception of interrupt 0. */
export const firstInterrupt = 16;
const priorities = 4;
/** Bits of SCR: a core sleeps when its last handler ends; what becomes pending is an event. */
export const sleepOnExit = 2;
const eventOnPending = 16;

/**
 * Which exceptions wait to be taken, which come first, and what a core that sleeps waits for. The
 * rest of the exception model is inherited from rp2040js.
 */
export class ExceptionModel extends StockCore {
  /** It sleeps until an event, and not only until an interrupt. */
  waitsForEvent = false;
  /** SCR: what the program wants of its sleep. */
  sleepControl = 0;

  /** Interrupts that devices ask for at present; `pendingInterrupts` remembers that they have. */
  protected lines = 0;
  /** Interrupts whose handlers run, or wait for a more urgent one to end. */
  protected active = 0;

  /** SVC is taken at once; what keeps it from that is a fault. */
  get takesSupervisorCalls(): boolean {
    return !this.PM && this.svCallPriority < this.exceptionPriority(this.IPSR);
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

  protected acknowledge(exception: number): void {
    if (exception === nonMaskable) this.pendingNMI = false;
    else if (exception === 11) this.pendingSVCall = false;
    else if (exception === 14) this.pendingPendSV = false;
    else if (exception === 15) this.pendingSystick = false;
    const taken = interruptBit(exception);
    this.pendingInterrupts &= ~taken;
    this.active |= taken;
  }
}

/** The bit of the interrupt that an exception is; 0 of the processor's own exceptions. */
export function interruptBit(exception: number): number {
  return exception < firstInterrupt ? 0 : 1 << (exception - firstInterrupt);
}
