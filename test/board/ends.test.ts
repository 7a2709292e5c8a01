import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Machine } from '../../src/emulator/machine';
import type { MachineEvent } from '../../src/emulator/machine-event';
import { packageRoot } from '../../src/node/assets';
import { buildFirmware } from '../../src/node/build/build-firmware';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { flashOfElf } from '../support/two-cores';

const missing = await ensureToolchain().then(
  () => undefined,
  (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
);
if (missing) console.log(`Skipped the program whose functions return: ${missing}`);

/** Builds test/firmware/ends, which has no model. */
async function buildEnds() {
  const { elf } = await buildFirmware(
    {
      image: new Uint8Array(256),
      buffers: { arenaBytes: 4, weightsBytes: 0 },
      clockMhz: 125,
      cores: 1,
    },
    {
      board: 'pico',
      outFolder: join(packageRoot(), 'out', 'ends'),
      source: join(packageRoot(), 'test', 'firmware', 'ends'),
    },
  );
  return flashOfElf(elf);
}

describe.skipIf(missing)('a program whose functions return', () => {
  let machine: Machine;
  let text = '';
  const events: MachineEvent[] = [];
  const lines = () => text.split('\r\n');

  beforeAll(async () => {
    machine = new Machine(await buildEnds(), {
      onOutput: (bytes) => (text += Buffer.from(bytes).toString()),
      onEvent: (event) => events.push(event),
    });
    for (let piece = 0; piece < 60 && events.length === 0; piece++) machine.run(250_000);
  }, 600_000);

  it('has each function of core 1 called once a launch, also after others have returned', () => {
    // The functions add 10, then 1, then 10 again; events do not call them again.
    expect(lines().slice(0, 3)).toEqual(['first 10', 'second 11', 'third 21']);
  });

  it('leaves core 1 at work when main returns, which is told', () => {
    expect(events).toEqual([{ kind: 'returned', core: 0 }]);
    expect(lines()).toContain('main returns');
    const counts = () => lines().filter((line) => line.startsWith('count')).length;
    const before = counts();
    machine.run(12_500_000);
    // A tenth of a second, in which core 1 alone counts every five milliseconds.
    expect(counts() - before).toBeGreaterThan(15);
    expect(events).toHaveLength(1);
    expect(machine.ended).toBe(false);
  });
});
