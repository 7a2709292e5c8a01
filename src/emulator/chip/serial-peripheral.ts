import type { RP2040 } from 'rp2040js';

/** The register of control with its bits (RP2040 datasheet, 4.4.4). */
const control = 0x004;
const loopBack = 1;

/**
 * Lets the SPI controllers take the time of their bits, and hear themselves in loop-back. Otherwise
 * nothing is wired to them, and they receive zeros.
 */
export function connectSerialPeripherals(chip: RP2040): void {
  for (const spi of chip.spi) {
    let received = 0;
    const completed = chip.clock.createAlarm(() => spi.completeTransmit(received));
    spi.onTransmit = (value) => {
      received = spi.readUint32(control) & loopBack ? value : 0;
      const { clockFrequency, dataBits } = spi;
      completed.schedule(clockFrequency > 0 ? (dataBits * 1e9) / clockFrequency : 0);
    };
  }
}
