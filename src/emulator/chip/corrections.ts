import type { RP2040 } from 'rp2040js';
import { DeviceFault } from '../fault';
import { powerOnOf, timerOf, watchdogOf, type WatchdogMemory } from '../rp2040js';
import { sramBase, sramBytes } from './address-map';

/** Only errors matter: warnings tell of registers that rp2040js does not model. */
export function reportErrors(chip: RP2040): void {
  const ignore = (): void => undefined;
  chip.logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (component, message) => {
      throw new DeviceFault(`${component}: ${message}`);
    },
  };
}

/** Results of the hardware divider for a divisor of zero (RP2040 datasheet, 2.3.1.5). */
export function correctDivider(sio: RP2040['sio']): void {
  const divide = sio.updateHardwareDivider.bind(sio);
  sio.updateHardwareDivider = (signed) => {
    divide(signed);
    if (sio.divDivisor !== 0) return;
    const negative = signed && (sio.divDividend | 0) < 0;
    sio.divQuotient = negative ? 1 : 0xffffffff;
    sio.divRemainder = sio.divDividend;
  };
}

const secondCoreBit = 1 << 16;

/** Calls back when the program holds the second core in reset, and when it lets it go. */
export function onSecondCoreReset(
  chip: RP2040,
  { hold, release }: { hold: () => void; release: () => void },
): void {
  const machine = powerOnOf(chip);
  const write = machine.writeUint32.bind(machine);
  machine.writeUint32 = (offset, value) => {
    const before = machine.frceOff & secondCoreBit;
    write(offset, value);
    const now = machine.frceOff & secondCoreBit;
    if (now && !before) hold();
    if (before && !now) release();
  };
}

/**
 * Calls back before a peripheral such as DMA writes to SRAM, with the offset there. The cores' own
 * stores take another way.
 */
export function onSramWrite(chip: RP2040, listener: (offset: number) => void): void {
  for (const name of ['writeUint8', 'writeUint16', 'writeUint32'] as const) {
    const write = chip[name].bind(chip);
    chip[name] = (address, value) => {
      const offset = address - sramBase;
      if (offset >= 0 && offset < sramBytes) listener(offset);
      write(address, value);
    };
  }
}

/** Calls back when the watchdog resets the chip. Its alarm would otherwise go off for ever. */
export function onWatchdogReset(chip: RP2040, reset: () => void): WatchdogMemory {
  const watchdog = watchdogOf(chip);
  watchdog.onWatchdogTrigger = () => {
    watchdog.alarm.enable = false;
    reset();
  };
  return watchdog;
}

/**
 * Alarms of the timer go off when the counter reaches their microsecond. rp2040js rounds the delay
 * down, so that the program would find the counter one short and have to sleep again.
 */
export function correctTimerAlarms(chip: RP2040): void {
  for (const { clockAlarm } of timerOf(chip).alarms) {
    const schedule = clockAlarm.schedule.bind(clockAlarm);
    clockAlarm.schedule = (deltaNanos) => {
      const sinceTick = chip.clock.nanos % 1000;
      schedule(deltaNanos + (sinceTick > 0 ? 1000 - sinceTick : 0));
    };
  }
}
