import measured from './measured-speeds.json';

/** Clock at which they were measured. */
export const measuredClockMhz = measured.clock_mhz;

/**
 * Tokens a second that the firmware reached on the virtual Pico with a preset or a goal, in the
 * middle of its context; undefined for a model that does not fit the chip.
 */
export function measuredSpeed(name: string): number | undefined {
  const cycles = (measured.cycles_per_token as Record<string, number | undefined>)[name];
  return cycles === undefined ? undefined : (measured.clock_mhz * 1e6) / cycles;
}
