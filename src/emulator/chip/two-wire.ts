import type { RP2040 } from 'rp2040js';
import { twoWireOf } from '../rp2040js';

/** Registers of an I2C controller and bits of them (RP2040 datasheet, 4.3.17). */
const registers = { data: 0x10, enable: 0x6c, abortSource: 0x80 } as const;
const enabled = 1;
const interrupts = { transmitEmpty: 1 << 4, aborted: 1 << 6 } as const;
/** Start, eight bits of an address and the missing acknowledgement. */
const addressBits = 10;

/**
 * Lets the I2C controllers find out that no device answers, in the time of an address: the transfer
 * is aborted, and what is still written of it is dropped until the program has noticed.
 */
export function connectTwoWire(chip: RP2040): void {
  for (const i2c of chip.i2c) {
    const refused = chip.clock.createAlarm(() => i2c.completeConnect(false));
    i2c.onConnect = () => {
      const cycles = addressBits * (i2c.sclHighPeriod + i2c.sclLowPeriod);
      refused.schedule((cycles * 1e9) / chip.clkSys);
    };
    const inner = twoWireOf(i2c);
    const abort = inner.abort.bind(i2c);
    inner.abort = (reason) => {
      abort(reason);
      inner.setInterrupts(interrupts.transmitEmpty);
    };
    const read = i2c.readUint32.bind(i2c);
    const write = i2c.writeUint32.bind(i2c);
    i2c.readUint32 = (offset) => {
      // Reading the reason does not clear it, as rp2040js has it.
      return (offset & 0xfff) === registers.abortSource ? i2c.abortSource >>> 0 : read(offset);
    };
    i2c.writeUint32 = (offset, value) => {
      if (offset === registers.data && i2c.intRaw & interrupts.aborted) return;
      write(offset, value);
      if (offset !== registers.enable) return;
      if (value & enabled) inner.setInterrupts(interrupts.transmitEmpty);
      else inner.clearInterrupts(interrupts.transmitEmpty);
    };
  }
}
