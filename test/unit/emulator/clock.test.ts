import { expect, test } from 'vitest';
import { CycleClock } from '../../../src/emulator/chip/cycle-clock';

/** Runs a clock to a cycle count the way the machine does, an alarm at a time. */
function runTo(clock: CycleClock, cycles: number): void {
  while (clock.nextDue <= cycles) {
    clock.cycles = Math.max(clock.cycles, clock.nextDue);
    clock.fireDue();
  }
  clock.cycles = cycles;
}

test('alarms go off in order of time', () => {
  const clock = new CycleClock(100e6);
  const fired: [string, number][] = [];
  const alarm = (name: string, nanos: number): void =>
    clock.createAlarm(() => fired.push([name, clock.nanos])).schedule(nanos);
  alarm('late', 500);
  alarm('early', 200);
  alarm('also late', 500);
  runTo(clock, 100);
  expect(fired).toEqual([
    ['early', 200],
    ['late', 500],
    ['also late', 500],
  ]);
});

test('an alarm may be set anew, cancelled, and set from its own callback', () => {
  const clock = new CycleClock(1e9);
  let count = 0;
  const periodic = clock.createAlarm(() => {
    if (++count < 3) periodic.schedule(10);
  });
  periodic.schedule(100);
  periodic.schedule(10);
  const never = clock.createAlarm(() => expect.fail('cancelled'));
  never.schedule(25);
  never.cancel();
  runTo(clock, 1000);
  expect([count, clock.nextDue]).toEqual([3, Infinity]);
});

test('a new frequency keeps the time of alarms', () => {
  const clock = new CycleClock(100e6);
  clock.createAlarm(() => undefined).schedule(1000);
  clock.cycles = 50;
  clock.frequency = 200e6;
  expect(clock.nanos).toBe(500);
  expect(clock.nextDue).toBe(150);
});

test('a new frequency keeps the cycle of alarms that are set for one', () => {
  const clock = new CycleClock(100e6);
  const fired: string[] = [];
  clock.createAlarm(() => fired.push('time')).schedule(1000);
  clock.createAlarm(() => fired.push('cycle')).scheduleAt(120);
  clock.cycles = 50;
  clock.frequency = 50e6;
  expect(clock.nextDue).toBe(75);
  runTo(clock, 200);
  expect(fired).toEqual(['time', 'cycle']);
});
