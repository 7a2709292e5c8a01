/** A date and a time of day as the real-time clock counts them. */
export interface Moment {
  /** 0 to 4095. */
  year: number;
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  day: number;
  /** 0 to 6; programs take 0 for Sunday, the clock only counts. */
  weekday: number;
  hour: number;
  minute: number;
  second: number;
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const yearMask = 0xfff;
const daySeconds = 86_400;

/** Days of a month. Each fourth year is a leap year, the hundredth too (RP2040 datasheet, 4.8.4). */
function daysOf({ year, month }: Moment, leaps: boolean): number {
  return month === 2 && leaps && year % 4 === 0 ? 29 : (monthDays[month - 1] ?? 31);
}

/** A moment some whole seconds later. */
export function later(from: Moment, seconds: number, leaps: boolean): Moment {
  const total = (from.hour * 60 + from.minute) * 60 + from.second + seconds;
  const now = { ...from };
  for (let days = Math.floor(total / daySeconds); days > 0; days--) {
    now.weekday = (now.weekday + 1) % 7;
    if (++now.day <= daysOf(now, leaps)) continue;
    now.day = 1;
    if (++now.month <= 12) continue;
    now.month = 1;
    now.year = (now.year + 1) & yearMask;
  }
  const ofDay = total % daySeconds;
  now.hour = Math.floor(ofDay / 3600);
  now.minute = Math.floor(ofDay / 60) % 60;
  now.second = ofDay % 60;
  return now;
}
