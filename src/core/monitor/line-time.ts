/** The kind of time before a line. */
export type LineTimes = 'none' | 'clock' | 'start' | 'line';

/** Characters of the longest time that is common: 9999.999 s. */
const width = 10;

/**
 * The arrival of a line as text, from milliseconds since 1970: the time of day in this time zone,
 * or the seconds since the first line or the line before.
 */
export function lineTime(times: LineTimes, at: number, first: number, before: number): string {
  switch (times) {
    case 'none':
      return '';
    case 'clock':
      return clockTime(at);
    case 'start':
      return seconds(at - first);
    case 'line':
      return seconds(at - before);
  }
}

/** For example 09:05:01.250. */
function clockTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** For example `    +1.250`. */
function seconds(milliseconds: number): string {
  // Notes of the host may be added late, with an earlier time.
  const sign = milliseconds < 0 ? '-' : '+';
  return `${sign}${(Math.abs(milliseconds) / 1000).toFixed(3)}`.padStart(width);
}
