import type { Core } from '../thumb/core';
import { firstInterrupt } from '../thumb/exceptions';

/** Offsets of its registers in the private peripherals; four priorities share a word. */
const register = {
  setEnable: 0x100,
  clearEnable: 0x180,
  setPending: 0x200,
  clearPending: 0x280,
  priorities: 0x400,
  prioritiesEnd: 0x420,
} as const;

const interruptsInWord = 4;
/** Priorities are the upper two bits of their byte. */
const priorityShift = 6;

/** The registers through which a program sees and changes the interrupts of its core. */
export class InterruptController {
  constructor(private readonly core: Core) {}

  read(offset: number): number {
    const { core } = this;
    switch (offset) {
      case register.setEnable:
      case register.clearEnable:
        return core.enabledInterrupts >>> 0;
      case register.setPending:
      case register.clearPending:
        return core.pendingInterrupts >>> 0;
    }
    return isPriority(offset) ? this.priorities(offset - register.priorities) : 0;
  }

  write(offset: number, value: number): void {
    const { core } = this;
    switch (offset) {
      case register.setEnable:
        core.enabledInterrupts |= value;
        core.interruptsUpdated = true;
        return;
      case register.clearEnable:
        core.enabledInterrupts &= ~value;
        return;
      case register.setPending:
        return core.pend(value);
      case register.clearPending:
        return core.unpend(value);
    }
    if (isPriority(offset)) this.setPriorities(offset - register.priorities, value);
  }

  private priorities(first: number): number {
    let word = 0;
    for (let byte = 0; byte < interruptsInWord; byte++) {
      const priority = this.core.exceptionPriority(firstInterrupt + first + byte);
      word |= priority << (8 * byte + priorityShift);
    }
    return word >>> 0;
  }

  private setPriorities(first: number, word: number): void {
    const { core } = this;
    for (let byte = 0; byte < interruptsInWord; byte++) {
      const bit = 1 << (first + byte);
      const chosen = (word >>> (8 * byte + priorityShift)) & 3;
      core.interruptPriorities = core.interruptPriorities.map((interrupts, priority) =>
        priority === chosen ? interrupts | bit : interrupts & ~bit,
      );
    }
    core.interruptsUpdated = true;
  }
}

function isPriority(offset: number): boolean {
  return offset >= register.priorities && offset < register.prioritiesEnd;
}
