import { clockSteps } from '../chip';
import schema from './model.schema.json';

/** The fastest clock that the maker of the chip vouches for. */
export const certifiedMhz = Math.max(
  ...clockSteps.flatMap(({ certified, upToMhz }) => (certified ? [upToMhz] : [])),
);

export function isOverclock(mhz: number): boolean {
  return mhz > certifiedMhz;
}

/** The core voltage that the firmware sets for a clock, in volts: `1.15`. */
export function coreVolts(mhz: number): string {
  const step = clockSteps.find(({ upToMhz }) => mhz <= upToMhz) ?? clockSteps.at(-1);
  return ((step?.millivolts ?? 0) / 1000).toFixed(2);
}

/** Crystal of the board, and the limits of the RP2040's system PLL (datasheet 2.18). */
const crystalMhz = 12;
const vcoMhz = { least: 750, most: 1600 };
const feedback = { least: 16, most: 320 };
const maxDivider = 7;

/** Whether the PLL can make this clock exactly. */
export function isClockPossible(mhz: number): boolean {
  for (let first = maxDivider; first >= 1; first--) {
    for (let second = first; second >= 1; second--) {
      const vco = mhz * first * second;
      const multiplier = vco / crystalMhz;
      if (
        Number.isInteger(multiplier) &&
        multiplier >= feedback.least &&
        multiplier <= feedback.most &&
        vco >= vcoMhz.least &&
        vco <= vcoMhz.most
      ) {
        return true;
      }
    }
  }
  return false;
}

/** The clocks that the chip runs at and the PLL can make, ascending. */
const { minimum, maximum } = schema.properties.target.properties.clock_mhz;
const possibleClocks = Array.from({ length: maximum - minimum + 1 }, (_, i) => minimum + i).filter(
  isClockPossible,
);

/** The nearest possible clock, in whole MHz; some possible clock when `mhz` is not a number. */
export function nearestClock(mhz: number): number {
  const distance = (clock: number) => Math.abs(clock - mhz);
  return possibleClocks.reduce((near, clock) => (distance(clock) < distance(near) ? clock : near));
}
