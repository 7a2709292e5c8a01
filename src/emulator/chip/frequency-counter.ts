import type { RP2040 } from 'rp2040js';

/** The counter's registers among those of the clocks, and bits of its status (RP2040 datasheet, 2.15.7). */
const registers = { source: 0x94, status: 0x98, result: 0x9c } as const;
const done = 1 << 4;

/** clk_adc and clk_usb, and what the pico-sdk gives clk_rtc. */
const usbHertz = 48e6;
const rtcHertz = 46_875;

/** Lets programs measure their clocks: rp2040js has no frequency counter, and they wait for it for ever. */
export function countFrequencies(chip: RP2040): void {
  const { clocks } = chip;
  const read = clocks.readUint32.bind(clocks);
  const write = clocks.writeUint32.bind(clocks);
  let source = 0;
  clocks.writeUint32 = (offset, value) => {
    if (offset === registers.source) source = value & 0xff;
    else if (offset < registers.source) write(offset, value);
  };
  clocks.readUint32 = (offset) => {
    switch (offset) {
      case registers.source:
        return source;
      case registers.status:
        return done;
      case registers.result:
        // Kilohertz with 5 fractional bits.
        return Math.round((hertzOf(chip, source) / 1000) * 32);
      default:
        return read(offset);
    }
  };
}

/** Frequency of a source by its number; 0 for pins, at which nothing is. */
function hertzOf(chip: RP2040, source: number): number {
  const { pllSys, pllUsb, roscFreq, xoscFreq, clocks, clkSys, clkPeri } = chip;
  const sources = [
    ...[0, pllSys.frequency, pllUsb.frequency, roscFreq, roscFreq, xoscFreq, 0, 0],
    ...[clocks.refFreq, clkSys, clkPeri, usbHertz, usbHertz, rtcHertz],
  ];
  return sources[source] ?? 0;
}
