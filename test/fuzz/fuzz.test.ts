import { expect, it } from 'vitest';
import { runSeeds } from './run-seeds';

it('reads, estimates and edits any text, and answers every request about it', async () => {
  const { failures } = await runSeeds({ texts: 2000, server: 450 });
  expect(failures).toEqual([]);
});
