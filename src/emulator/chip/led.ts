import { GPIOPinState, type RP2040 } from 'rp2040js';
import type { CycleClock } from './cycle-clock';

/** Pin of the Pico's LED. */
const ledPin = 25;

/** The LED of the board. */
export class Led {
  private on = false;
  private changed: number;
  private litCycles = 0;
  private looked: number;

  constructor(
    chip: RP2040,
    private readonly clock: CycleClock,
  ) {
    this.changed = this.looked = clock.cycles;
    chip.gpio[ledPin]?.addListener((state) => {
      this.note();
      this.on = state === GPIOPinState.High;
    });
  }

  /** Share of the time since the last look that it was lit, 0 to 1; as it is now if none passed. */
  look(): number {
    this.note();
    const passed = this.clock.cycles - this.looked;
    const share = passed > 0 ? this.litCycles / passed : Number(this.on);
    this.looked = this.clock.cycles;
    this.litCycles = 0;
    return share;
  }

  private note(): void {
    const now = this.clock.cycles;
    if (this.on) this.litCycles += now - this.changed;
    this.changed = now;
  }
}
