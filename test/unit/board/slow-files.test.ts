import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { SlowFiles } from '../../../src/node/board/find/slow-files';
import type { Clock } from '../../../src/node/clock';

let now: number;
/** Files whose reads are pending, with their resolvers. */
let unanswered: Map<string, (text: string | undefined) => void>;
let files: SlowFiles;

/** A simulated clock: sleeping takes no real time, but lets other tasks run first. */
const clock: Clock = {
  now: () => now,
  sleep: async (milliseconds, signal) => {
    await nextTurn();
    if (!signal?.aborted) now += milliseconds;
  },
};

beforeEach(() => {
  now = 0;
  unanswered = new Map();
  files = new SlowFiles((file) => {
    if (file.startsWith('quick')) return Promise.resolve(file);
    if (unanswered.has(file)) throw new Error(`${file} is asked twice at once.`);
    return new Promise((resolve) => unanswered.set(file, resolve));
  }, clock);
});

/** Lets a pending read of the file end after some time. */
async function answer(file: string, text: string | undefined, after: number): Promise<void> {
  now += after;
  unanswered.get(file)?.(text);
  unanswered.delete(file);
  await nextTurn();
}

const readAll = (...names: string[]) => Promise.all(names.map((name) => files.read(name)));

test('a file that does not answer costs half a second, once, and delays no other', async () => {
  expect(await readAll('quick 1', 'slow', 'quick 2')).toEqual(['quick 1', undefined, 'quick 2']);
  expect(now).toBe(500);
  expect(await readAll('slow', 'quick 1')).toEqual([undefined, 'quick 1']);
  expect(now).toBe(500);
});

test('three reads may wait at once; then no file is read until one of them has answered', async () => {
  await readAll('slow 1', 'slow 2', 'slow 3', 'slow 4');
  expect([...unanswered.keys()]).toEqual(['slow 1', 'slow 2', 'slow 3']);
  expect(await readAll('quick')).toEqual([undefined]);
  await answer('slow 2', undefined, 0);
  expect(await readAll('quick', 'slow 4')).toEqual(['quick', undefined]);
  expect(unanswered.has('slow 4')).toBe(true);
});

test('a slow file without a result is left alone, longer the longer it took', async () => {
  await readAll('slow');
  await answer('slow', undefined, 19_500);
  now += 199_999;
  await readAll('slow');
  expect(unanswered.size).toBe(0);
  now += 1;
  await readAll('slow');
  expect(unanswered.size).toBe(1);
});

test('a quick file without a result is read again at once', async () => {
  await readAll('slow');
  await answer('slow', 'here it is', 1000);
  await readAll('slow');
  expect(unanswered.has('slow')).toBe(true);
});
