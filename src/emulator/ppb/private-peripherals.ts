import type { Core } from '../thumb/core';
import type { CycleClock } from '../chip/cycle-clock';
import type { RegisterDevice } from '../chip/register-device';
import { InterruptController } from './interrupt-controller';
import { SysTick } from './systick';
import { SystemControl } from './system-control';

/** Offsets up to which registers belong to a device; what lies beyond all of them reads 0. */
const end = { sysTick: 0x020, interrupts: 0x500, systemControl: 0xd40 } as const;

/** What a core has for itself behind its private bus. A memory protection unit is not modelled. */
export class PrivatePeripherals implements RegisterDevice {
  private readonly sysTick: SysTick;
  private readonly interrupts: InterruptController;
  private readonly systemControl: SystemControl;

  constructor(core: Core, clock: CycleClock, requestReset: () => void) {
    this.sysTick = new SysTick(clock, () => {
      core.pendingSystick = true;
      core.interruptsUpdated = true;
    });
    this.interrupts = new InterruptController(core);
    this.systemControl = new SystemControl(core, requestReset);
  }

  read(offset: number): number {
    return this.deviceAt(offset)?.read(offset) ?? 0;
  }

  write(offset: number, value: number): void {
    this.deviceAt(offset)?.write(offset, value);
  }

  /** With its core; the rest of what it holds is the core's own. */
  reset(): void {
    this.sysTick.reset();
  }

  private deviceAt(offset: number): RegisterDevice | undefined {
    if (offset < end.sysTick) return this.sysTick;
    if (offset < end.interrupts) return this.interrupts;
    return offset < end.systemControl ? this.systemControl : undefined;
  }
}
