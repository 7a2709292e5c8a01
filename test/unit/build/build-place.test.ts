import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { inBuildPlace } from '../../../src/node/build/build-place';
import { system } from '../../../src/node/process-identity';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'starmind-cache-'));
  vi.stubEnv('STARMIND_CACHE', cache);
  onTestFinished(() => rm(cache, { recursive: true }));
});

/** The folder that a build gets. */
const placeOf = (...parts: string[]) =>
  inBuildPlace(parts, {}, (folder) => Promise.resolve(folder));

describe('a place whose build was killed', () => {
  /** Leaves the note of a killed build that began some minutes ago. */
  async function killBuild(place: string, minutes: number): Promise<void> {
    const since = Date.now() - minutes * 60_000;
    const owner = { activity: 'building', ...system(), pid: 2 ** 30, since, token: 'killed' };
    await writeFile(join(place, 'owner.json'), JSON.stringify(owner));
  }

  test('is left to what still runs there', async () => {
    const first = await placeOf('pico');
    expect(await placeOf('pico')).toBe(first);
    await killBuild(first, 1);
    const second = await placeOf('pico');
    expect(second).toBe(`${first}-2`);
    await killBuild(second, 1);
    expect(await placeOf('pico')).toBe(`${first}-3`);
    expect(existsSync(join(first, 'owner.json'))).toBe(true);
  });

  test('is used again later', async () => {
    const first = await placeOf('pico');
    await killBuild(first, 11);
    expect(await placeOf('pico')).toBe(first);
    expect(existsSync(join(first, 'owner.json'))).toBe(false);
  });
});

describe('old places', () => {
  const day = 24 * 3600;

  async function age(folder: string, days: number): Promise<void> {
    const then = Date.now() / 1000 - days * day;
    await utimes(folder, then, then);
  }

  test('are removed after four weeks without a build', async () => {
    const [old, recent, own] = [
      await placeOf('old'),
      await placeOf('recent'),
      await placeOf('own'),
    ];
    await writeFile(join(old, 'build.ninja'), 'rules');
    await mkdir(`${old}-2`);
    await age(old, 29);
    await age(`${old}-2`, 29);
    await age(recent, 27);
    await age(own, 29);
    await placeOf('own');
    expect([old, `${old}-2`, recent, own].filter(existsSync)).toEqual([recent, own]);
  });

  test('stay while a build uses them, and so do folders of others', async () => {
    const other = join(cache, 'build', 'notes');
    await mkdir(other, { recursive: true });
    await age(other, 100);
    await inBuildPlace(['long'], {}, async (folder) => {
      await age(folder, 29);
      expect(basename(await placeOf('own'))).not.toBe(basename(folder));
      expect([folder, other].filter(existsSync)).toEqual([folder, other]);
    });
  });
});
