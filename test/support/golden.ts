import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { packageRoot } from '../../src/node/assets';

/**
 * Compares a text with the file of this name in test/golden. Writes a text that differs beside it
 * as `.actual`; with UPDATE_GOLDEN in the environment, replaces the file instead.
 */
export function expectGolden(name: string, actual: string): void {
  const file = join(packageRoot(), 'test/golden', name);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (actual === expected) rmSync(`${file}.actual`, { force: true });
  else writeFileSync(`${file}.actual`, actual);
  expect(actual).toBe(expected);
}
