import type { GPIOPin, RP2040 } from 'rp2040js';
import type { CoreNumber } from './core-number';
import { pinsOf } from '../rp2040js';

/** Interrupt of the pins. */
const pinInterrupt = 13;

/** Registers of the second core's interrupts (RP2040 datasheet, 2.19.6.1), 8 pins a word. */
const secondCore = { enable: 0x130, force: 0x140, status: 0x150, end: 0x160 };
const pinsPerWord = 8;
const bitsPerPin = 4;

/** What of a pin interrupts the second core. */
interface Masks {
  enable: number;
  force: number;
}

/**
 * Each core is interrupted by the pins that it asks for. rp2040js knows the registers of the first core
 * alone, and tells both.
 */
export function splitPinInterrupts(
  chip: RP2040,
  setInterrupt: (core: CoreNumber, irq: number, value: boolean) => void,
): void {
  const masks = chip.gpio.map((): Masks => ({ enable: 0, force: 0 }));
  const pending = (pin: GPIOPin, { enable, force }: Masks): number =>
    (pin.irqStatus & enable) | force;
  chip.updateIOInterrupt = () => {
    setInterrupt(
      0,
      pinInterrupt,
      chip.gpio.some(({ irqValue }) => irqValue),
    );
    setInterrupt(
      1,
      pinInterrupt,
      masks.some((of, index) => {
        const pin = chip.gpio[index];
        return pin !== undefined && pending(pin, of) !== 0;
      }),
    );
  };

  const registers = pinsOf(chip);
  const read = registers.readUint32.bind(registers);
  const write = registers.writeUint32.bind(registers);
  const word = (offset: number): { register: number; first: number } => ({
    register: offset & ~0xf,
    first: ((offset & 0xf) / 4) * pinsPerWord,
  });
  registers.readUint32 = (offset) => {
    if (offset < secondCore.enable || offset >= secondCore.end) return read(offset);
    const { register, first } = word(offset);
    return masks.slice(first, first + pinsPerWord).reduce((value, of, place) => {
      const pin = chip.gpio[first + place];
      const status = pin ? pending(pin, of) : 0;
      const { enable, force } = of;
      const bits =
        register === secondCore.enable ? enable : register === secondCore.force ? force : status;
      return (value | (bits << (place * bitsPerPin))) >>> 0;
    }, 0);
  };
  registers.writeUint32 = (offset, value) => {
    if (offset < secondCore.enable || offset >= secondCore.end) return write(offset, value);
    const { register, first } = word(offset);
    masks.slice(first, first + pinsPerWord).forEach((of, place) => {
      const bits = (value >>> (place * bitsPerPin)) & 0xf;
      if (register === secondCore.enable) of.enable = bits;
      if (register === secondCore.force) of.force = bits;
    });
    chip.updateIOInterrupt();
  };
}
