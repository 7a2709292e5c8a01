import { GPIOPinState, type GPIOPin, type RP2040 } from 'rp2040js';

/**
 * Pads after a reset (RP2040 datasheet, 2.19.6): the input is enabled, which rp2040js leaves out. Those
 * of the flash chip are its clock, its select, which is pulled up, and its data.
 */
const padAtReset = { gpio: 0x56, qspi: [0x56, 0x5a, 0x52, 0x52, 0x52, 0x52] };

const edges = 0b1100;
const levelLow = 0b0001;

/**
 * Lets pins read what they are at, with nothing wired to them: what they drive themselves, else where
 * their pull-up or pull-down brings them. rp2040js leaves that to the world around the chip.
 */
export function connectPins(chip: RP2040): void {
  for (const pin of chip.gpio) {
    pin.padValue = padAtReset.gpio;
    // An input that is low is no edge.
    pin.irqStatus = levelLow;
    noteRealEdges(chip, pin);
    pin.addListener((state) => {
      const level = levelOf(state);
      if (level !== undefined) pin.setInputValue(level);
    });
  }
  // The BOOTSEL button, which pulls the flash chip's select, is not pressed.
  chip.qspi.forEach((pin, index) => {
    pin.padValue = padAtReset.qspi[index] ?? padAtReset.gpio;
    pin.setInputValue(true);
  });
}

/** Undefined where nothing pulls the pin: it stays where it is. */
function levelOf(state: GPIOPinState): boolean | undefined {
  switch (state) {
    case GPIOPinState.High:
    case GPIOPinState.InputPullUp:
      return true;
    case GPIOPinState.Low:
    case GPIOPinState.InputPullDown:
      return false;
    default:
      return undefined;
  }
}

/** rp2040js takes every look at an input for an edge, also one at which it is as it was. */
function noteRealEdges(chip: RP2040, pin: GPIOPin): void {
  const set = pin.setInputValue.bind(pin);
  let before = false;
  pin.setInputValue = (value) => {
    const { irqStatus } = pin;
    const { updateIOInterrupt } = chip;
    // An edge that is none must not come as far as the cores, which would note it.
    chip.updateIOInterrupt = () => undefined;
    set(value);
    chip.updateIOInterrupt = updateIOInterrupt;
    const now = value && pin.inputEnable;
    if (now === before) pin.irqStatus = (pin.irqStatus & ~edges) | (irqStatus & edges);
    before = now;
    if (pin.irqStatus !== irqStatus) chip.updateIOInterrupt();
  };
}
