/** Crystal of the board, and what the RP2040's system PLL can make of it (datasheet 2.18). */
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

/** The nearest clock that the PLL can make, in whole MHz. */
export function nearestClock(mhz: number): number {
  for (let distance = 0; ; distance++) {
    if (isClockPossible(mhz - distance)) return mhz - distance;
    if (isClockPossible(mhz + distance)) return mhz + distance;
  }
}
