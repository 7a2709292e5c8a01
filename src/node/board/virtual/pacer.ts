/** Emulated milliseconds of rest that pass at full speed before the host is spared. */
const freeRestMs = 1000;
/** Shorter waits are not worth a timer: emulation runs ahead until there is this much to wait. */
const leastWaitMs = 4;
/** The same at rest, when nobody notices a delay: a timer costs more than the emulation then. */
const leastRestMs = 50;
/** When emulation lags behind by more than this, it does not try to catch up. */
const forgivenLagMs = 100;
/** Share of a slice that the core must have slept for it to count as rest. */
const restShare = 0.9;

/**
 * Decides how long the host waits between slices of emulation. A paced board keeps to real time.
 * Another runs as fast as it can, until its program has done nothing but sleep and poll for a
 * while: then it keeps to real time as well, so as not to occupy a processor with waiting.
 */
export class Pacer {
  /** The program has done nothing but sleep and poll for a while. */
  rests = false;

  private anchor: { emulated: number; wall: number } | undefined;
  private restingSince: number | undefined;

  constructor(private readonly paced: boolean) {}

  /** Input or output has arrived: ends the rest, and any wait for it. */
  noteActivity(): void {
    this.restingSince = undefined;
    if (this.rests) this.anchor = undefined;
    this.rests = false;
  }

  /**
   * Milliseconds to wait after a slice, given both times in milliseconds and the share of the slice
   * that the core slept.
   */
  delayAfter(emulated: number, wall: number, sleptShare: number): number {
    if (sleptShare < restShare) this.restingSince = undefined;
    else this.restingSince ??= emulated;
    this.rests = emulated - (this.restingSince ?? emulated) >= freeRestMs;
    if (!this.paced && !this.rests) {
      this.anchor = undefined;
      return 0;
    }
    this.anchor ??= { emulated, wall };
    const lead = emulated - this.anchor.emulated - (wall - this.anchor.wall);
    if (lead < -forgivenLagMs) this.anchor = { emulated, wall };
    return lead < (this.rests ? leastRestMs : leastWaitMs) ? 0 : lead;
  }
}
