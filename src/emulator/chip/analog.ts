import type { RP2040 } from 'rp2040js';
import { replaceActiveChannel, ringOscillatorOf } from '../rp2040js';

/** Channel of the temperature sensor, and what it reads at 27 degrees Celsius: 0.706 V of 3.3. */
const temperatureChannel = 4;
const roomTemperature = 876;

/** Where the ADC's register of control tells its channel, and those that it is to go round. */
const channels = 5;
const channelShift = 12;
const channelMask = 7;
const roundRobinShift = 16;
const startBit = 1 << 2;

/** The ring oscillator's register of a random bit. */
const randomBitRegister = 0x1c;

/** A board on a desk: its chip is at room temperature, and its oscillator jitters. */
export function setOnDesk(chip: RP2040): void {
  chip.adc.channelValues[temperatureChannel] = roomTemperature;
  correctRoundRobin(chip.adc);
  startOnce(chip.adc);
  const oscillator = ringOscillatorOf(chip);
  const read = oscillator.readUint32.bind(oscillator);
  // A generator with 32 bits of state: runs with the same program stay alike.
  let state = 1;
  oscillator.readUint32 = (offset) => {
    if (offset !== randomBitRegister) return read(offset);
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 31;
  };
}

/** The bit that starts a conversion clears itself; rp2040js keeps it, and any later write starts one. */
function startOnce(adc: RP2040['adc']): void {
  const write = adc.writeUint32.bind(adc);
  adc.writeUint32 = (offset, value) => {
    write(offset, value);
    adc.cs &= ~startBit;
  };
}

/** rp2040js loses its way when it goes on to the next channel, which is all that it sets one for. */
function correctRoundRobin(adc: RP2040['adc']): void {
  const channelNow = (): number => (adc.cs >>> channelShift) & channelMask;
  const goOn = (): void => {
    const wanted = adc.cs >>> roundRobinShift;
    let channel = channelNow();
    do channel = (channel + 1) % channels;
    while (!((wanted >>> channel) & 1));
    adc.cs = (adc.cs & ~(channelMask << channelShift)) | (channel << channelShift);
  };
  replaceActiveChannel(adc, { get: channelNow, set: goOn });
}
