import type { RP2040 } from 'rp2040js';
import type { Core } from '../thumb/core';
import { InterruptController } from './interrupt-controller';

/** Offsets of the registers that are about interrupts. */
const interrupts = { first: 0x100, end: 0x500 } as const;

/** What a core has for itself behind its private bus. */
export class PrivatePeripherals {
  private readonly interrupts: InterruptController;

  constructor(
    core: Core,
    private readonly rest: RP2040['ppb'],
  ) {
    this.interrupts = new InterruptController(core);
  }

  read(offset: number): number {
    return isAboutInterrupts(offset) ? this.interrupts.read(offset) : this.rest.readUint32(offset);
  }

  write(offset: number, value: number): void {
    if (isAboutInterrupts(offset)) this.interrupts.write(offset, value);
    else this.rest.writeUint32(offset, value);
  }
}

function isAboutInterrupts(offset: number): boolean {
  return offset >= interrupts.first && offset < interrupts.end;
}
