import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
// @ts-expect-error A build script without types.
import { chipFiles } from '../../../src/build/chip-constants.mjs';

it('C and CMake have the constants of src/core/chip.ts', async () => {
  const files = await (chipFiles as () => Promise<Record<string, string>>)();
  for (const [path, text] of Object.entries(files)) expect(readFileSync(path, 'utf8')).toBe(text);
});
