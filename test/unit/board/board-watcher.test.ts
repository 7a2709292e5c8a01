import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BoardWatcher } from '../../../src/node/board/find/board-watcher';
import { findBoards, type FoundBoards } from '../../../src/node/board/find/find-boards';
import type { Clock } from '../../../src/node/clock';
import { fakeSystem, linuxPort, type FakeSystem } from './fake-system';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Time that the fake timers let pass. */
const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, milliseconds);
      signal?.addEventListener('abort', stop);
    }),
};

function watched(shown: FakeSystem) {
  const find = vi.fn(() => findBoards(fakeSystem(shown)));
  return { find, watcher: new BoardWatcher(find, clock, () => undefined) };
}

const ids = ({ boards }: FoundBoards): string[] => boards.map(({ id }) => id);

test('reports boards that come and go, and nothing else', async () => {
  const shown: FakeSystem = { files: {} };
  const { watcher } = watched(shown);
  const heard: string[][] = [];
  watcher.onChange((found) => heard.push(ids(found)));
  await vi.advanceTimersByTimeAsync(3000);
  expect(heard).toEqual([]);

  shown.files = linuxPort('ttyACM0', { serial: 'E660' });
  await vi.advanceTimersByTimeAsync(1000);
  shown.files = { ...shown.files, ...linuxPort('ttyACM1', { serial: 'E661' }) };
  await vi.advanceTimersByTimeAsync(1000);
  expect(ids(watcher.found)).toEqual(['virtual', 'E660', 'E661']);
  // The first comes back under another name: the same board, at another place.
  shown.files = linuxPort('ttyACM2', { serial: 'E660' });
  await vi.advanceTimersByTimeAsync(5000);
  expect(heard).toEqual([
    ...[
      ['virtual', 'E660'],
      ['virtual', 'E660', 'E661'],
      ['virtual', 'E660'],
    ],
  ]);
  watcher.dispose();
});

test('looks while it has listeners, and leaves nothing running', async () => {
  const { find, watcher } = watched({});
  await vi.advanceTimersByTimeAsync(5000);
  expect(find).not.toHaveBeenCalled();

  const one = watcher.onChange(() => undefined);
  const other = watcher.onChange(() => undefined);
  one();
  one();
  await vi.advanceTimersByTimeAsync(2500);
  expect(find).toHaveBeenCalledTimes(3);
  other();
  await vi.advanceTimersByTimeAsync(5000);
  expect(find).toHaveBeenCalledTimes(3);
  expect(vi.getTimerCount()).toBe(0);

  watcher.onChange(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(find).toHaveBeenCalledTimes(4);
  watcher.dispose();
  await vi.advanceTimersByTimeAsync(5000);
  expect(vi.getTimerCount()).toBe(0);
  watcher.onChange(() => undefined);
  await vi.advanceTimersByTimeAsync(5000);
  expect(find).toHaveBeenCalledTimes(4);
});

test('never looks twice at the same time', async () => {
  let looking = 0;
  let most = 0;
  const watcher = new BoardWatcher(
    async () => {
      most = Math.max(most, ++looking);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      looking--;
      return findBoards(fakeSystem({}));
    },
    clock,
    () => undefined,
  );
  watcher.onChange(() => undefined);
  void watcher.refresh();
  await vi.advanceTimersByTimeAsync(4000);
  void watcher.refresh();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(most).toBe(1);
  watcher.dispose();
});

test('a look that ends after the watcher was disposed calls no listener', async () => {
  const shown: FakeSystem = { files: linuxPort('ttyACM0', { serial: 'E660' }) };
  const { watcher } = watched(shown);
  const heard = vi.fn();
  watcher.onChange(heard);
  watcher.dispose();
  await vi.advanceTimersByTimeAsync(2000);
  expect(heard).not.toHaveBeenCalled();
});

test('where the system reports devices it looks seldom, and at once after a report', async () => {
  const find = vi.fn(() => findBoards(fakeSystem({})));
  let tell = (): void => undefined;
  const stop = vi.fn();
  const watcher = new BoardWatcher(find, clock, (listener) => {
    tell = listener;
    return stop;
  });
  watcher.onChange(() => undefined);
  await vi.advanceTimersByTimeAsync(20_000);
  find.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(find).toHaveBeenCalledTimes(6);
  tell();
  await vi.advanceTimersByTimeAsync(0);
  expect(find).toHaveBeenCalledTimes(7);
  // The drive of a board in its boot loader is mounted later.
  await vi.advanceTimersByTimeAsync(5000);
  expect(find).toHaveBeenCalledTimes(12);
  watcher.dispose();
  await vi.advanceTimersByTimeAsync(0);
  expect(stop).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});
