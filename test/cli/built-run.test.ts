import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { system } from '../../src/node/process-identity';
import { whileBuilding } from '../../src/node/run/run-owner';
import { untrainedRun } from '../support/untrained-run';
import { jsonOf, smallModel, starmind } from './starmind';

test('a run whose firmware is current runs many times at once, and nothing is written', async ({
  skip,
}) => {
  const run = await untrainedRun({ ...smallModel, version: 1 });
  const speak = ['run', run.path, '--board', 'virtual', '--tokens', '2', '--json'];
  // Both build: one waits for the other.
  const first = await Promise.all([starmind(speak), starmind(speak)]);
  if (first[0].status === 3) skip(first[0].stderr);
  const words = first.map(jsonOf).map(({ tokens }) => tokens);
  expect(words[0]).toEqual(words[1]);

  // The trace of a process that was killed, which a read-only run would keep.
  const gone = { activity: 'building', ...system(), pid: 2 ** 30, since: 0, token: 'gone' };
  const note = join(run.path, '.owner.json');
  writeFileSync(note, JSON.stringify(gone));
  const state = () =>
    readdirSync(run.path, { recursive: true, encoding: 'utf8' }).map(
      (name) => `${name} ${statSync(join(run.path, name)).mtimeMs}`,
    );
  const before = state();
  expect(jsonOf(await starmind(speak))).toMatchObject({ tokens: words[0] });
  expect(state()).toEqual(before);
  expect(JSON.parse(readFileSync(note, 'utf8'))).toEqual(gone);

  // Nor does it wait for a build.
  await whileBuilding(run, {}, async () => {
    expect(jsonOf(await starmind(speak))).toMatchObject({ tokens: words[0] });
  });
});
