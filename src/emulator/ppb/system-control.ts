import type { Core } from '../thumb/core';

/** Offsets of its registers in the private peripherals. */
const register = {
  processor: 0xd00,
  interruptState: 0xd04,
  vectors: 0xd08,
  reset: 0xd0c,
  sleep: 0xd10,
  configuration: 0xd14,
  supervisorPriority: 0xd1c,
  otherPriorities: 0xd20,
} as const;

/** Cortex-M0+, r0p1. */
const processor = 0x410cc601;
/** Unaligned accesses fault, and the stack is aligned to 8 bytes when an exception begins. */
const configuration = 0x208;

const resetKey = { read: 0xfa05, write: 0x05fa, shift: 16 } as const;
const resetRequest = 4;
const vectorMask = ~0xff;
/** Priorities are two bits of a byte: of SVCall, and of SysTick and PendSV. */
const supervisorPriorityMask = 0xc0000000;
const otherPrioritiesMask = 0xc0c00000;
const sleepBits = 0x16;

/** ICSR */
const state = {
  setNonMaskable: 1 << 31,
  setPendSV: 1 << 28,
  clearPendSV: 1 << 27,
  setSysTick: 1 << 26,
  clearSysTick: 1 << 25,
  anyInterrupt: 1 << 22,
  pendingShift: 12,
} as const;

/** The registers through which a program sees and changes how its core works. */
export class SystemControl {
  constructor(
    private readonly core: Core,
    private readonly requestReset: () => void,
  ) {}

  read(offset: number): number {
    const { core } = this;
    switch (offset) {
      case register.processor:
        return processor;
      case register.interruptState:
        return this.interruptState();
      case register.vectors:
        return core.VTOR;
      case register.reset:
        return (resetKey.read << resetKey.shift) >>> 0;
      case register.sleep:
        return core.sleepControl;
      case register.configuration:
        return configuration;
      case register.supervisorPriority:
        return core.SHPR2;
      case register.otherPriorities:
        return core.SHPR3;
    }
    return 0;
  }

  write(offset: number, value: number): void {
    const { core } = this;
    switch (offset) {
      case register.interruptState:
        return this.changePending(value);
      case register.vectors:
        core.VTOR = (value & vectorMask) >>> 0;
        return;
      case register.reset:
        if (value >>> resetKey.shift === resetKey.write && value & resetRequest) {
          this.requestReset();
        }
        return;
      case register.sleep:
        core.sleepControl = value & sleepBits;
        return;
      case register.supervisorPriority:
        core.SHPR2 = (value & supervisorPriorityMask) >>> 0;
        core.interruptsUpdated = true;
        return;
      case register.otherPriorities:
        core.SHPR3 = (value & otherPrioritiesMask) >>> 0;
        core.interruptsUpdated = true;
    }
  }

  private interruptState(): number {
    const { core } = this;
    const flags =
      (core.pendingNMI ? state.setNonMaskable : 0) |
      (core.pendingPendSV ? state.setPendSV : 0) |
      (core.pendingSystick ? state.setSysTick : 0) |
      (core.pendingInterrupts !== 0 ? state.anyInterrupt : 0);
    return (flags | (core.mostUrgent() << state.pendingShift) | core.IPSR) >>> 0;
  }

  private changePending(value: number): void {
    const { core } = this;
    if (value & state.setNonMaskable) core.pendingNMI = true;
    if (value & state.setPendSV) core.pendingPendSV = true;
    else if (value & state.clearPendSV) core.pendingPendSV = false;
    if (value & state.setSysTick) core.pendingSystick = true;
    else if (value & state.clearSysTick) core.pendingSystick = false;
    core.interruptsUpdated = true;
  }
}
