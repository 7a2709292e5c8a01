import type { RP2040 } from 'rp2040js';
import { pwmChannelsOf } from '../rp2040js';

/** The register that has the enable bits of all slices (RP2040 datasheet, 4.5.3). */
const enables = 0xa0;
const enabled = 1;

/** Requests for DMA of the slices, one each time a slice wraps. */
const firstWrapRequest = 24;
const slices = 8;

/**
 * Corrects the slices of PWM: which are enabled can be read, a divider starts none that is not, and a
 * wrap asks for one transfer of DMA.
 */
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
  const { dma } = chip;
  const request = dma.setDREQ.bind(dma);
  dma.setDREQ = (number) => {
    request(number);
    const slice = number - firstWrapRequest;
    if (slice >= 0 && slice < slices) dma.clearDREQ(number);
  };
}
