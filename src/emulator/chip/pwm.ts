import type { RP2040 } from 'rp2040js';
import { pwmChannelsOf } from '../rp2040js';

/** The register that has the enable bits of all slices (RP2040 datasheet, 4.5.3). */
const enables = 0xa0;
const enabled = 1;

/** Corrects the slices of PWM: which are enabled can be read, and a divider starts none that is not. */
export function correctPwm(chip: RP2040): void {
  const { pwm } = chip;
  const channels = pwmChannelsOf(chip);
  const read = pwm.readUint32.bind(pwm);
  const write = pwm.writeUint32.bind(pwm);
  pwm.readUint32 = (offset) =>
    (offset & 0xfff) === enables
      ? channels.reduce((bits, { csr }, index) => bits | ((csr & enabled) << index), 0)
      : read(offset);
  pwm.writeUint32 = (offset, value) => {
    write(offset, value);
    for (const channel of channels) channel.updateEnable();
  };
}
