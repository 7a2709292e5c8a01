import type { RP2040 } from 'rp2040js';
import { voltageRegulatorOf } from '../rp2040js';

/** The register of the core voltage (RP2040 datasheet, 2.10.6): what programs may set, and its reset. */
const control = 0;
const settable = 0xf3;
const afterReset = 0xb1;
/** The voltage is reached. */
const regulates = 1 << 12;

/** Lets programs set the core voltage and read it back; every voltage is there at once. */
export function regulateVoltage(chip: RP2040): void {
  const regulator = voltageRegulatorOf(chip);
  const read = regulator.readUint32.bind(regulator);
  const write = regulator.writeUint32.bind(regulator);
  let setting = afterReset;
  regulator.readUint32 = (offset) => (offset === control ? setting | regulates : read(offset));
  regulator.writeUint32 = (offset, value) => {
    if (offset === control) setting = value & settable;
    else write(offset, value);
  };
}
