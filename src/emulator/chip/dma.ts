import type { RP2040 } from 'rp2040js';
import { Sniffer } from './sniffer';

/** Requests of the pacing timers, and the register of the first one (RP2040 datasheet, 2.5.3.2). */
const firstTimerRequest = 59;
const timers = 4;
const firstTimer = 0x420;

/** The sniffer's registers. */
const registers = { sniffControl: 0x434, sniffData: 0x438 } as const;

/**
 * Completes DMA: its timers, which divide clk_sys by their second half and multiply by the first, and
 * its sniffer.
 */
export function completeDma(chip: RP2040): void {
  const { dma } = chip;
  const read = dma.readUint32.bind(dma);
  const write = dma.writeUint32.bind(dma);
  const sniffer = new Sniffer();
  dma.readUint32 = (offset) => {
    if ((offset & 0xfff) === registers.sniffControl) return sniffer.control;
    return (offset & 0xfff) === registers.sniffData ? sniffer.result : read(offset);
  };
  dma.writeUint32 = (offset, value) => {
    if (offset === registers.sniffControl) sniffer.control = value;
    else if (offset === registers.sniffData) sniffer.data = value >>> 0;
    else write(offset, value);
  };
  const microsecondsOf = dma.getTimer.bind(dma);
  dma.getTimer = (request) => {
    const number = request - firstTimerRequest;
    if (number < 0 || number >= timers) return microsecondsOf(request);
    const fraction = read(firstTimer + 4 * number);
    const [multiplier, divisor] = [fraction >>> 16, fraction & 0xffff];
    return multiplier === 0 || divisor === 0 ? 0 : (divisor / multiplier) * (1e6 / chip.clkSys);
  };
  sniffer.listen(chip);
}
