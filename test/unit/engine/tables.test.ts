import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
// @ts-expect-error A build script without types.
import { engineTables, tablesFile } from '../../../src/build/engine-tables.mjs';

it('the tables of the engine equal the output of their generator', () => {
  expect(readFileSync(tablesFile as string, 'utf8')).toBe((engineTables as () => string)());
});
