import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { modelImageIn } from '../../../src/core/export/model-uf2';
import { readUf2, writeUf2 } from '../../../src/core/export/uf2';
import { portFailed } from '../../../src/node/board/board-errors';
import { withoutBuilding } from '../../../src/node/flash/flash-image';
import type { WantedFirmware } from '../../../src/node/flash/plan';
import { prebuiltWith } from '../../../src/node/flash/prebuilt';
import { goldenImage, goldenModels } from '../../golden/models';

const [image = new Uint8Array()] = goldenModels.map((model) => goldenImage(model));
const program = { address: 0x10000000, data: new Uint8Array(4096).fill(7) };

const wanted: WantedFirmware = {
  ...{
    contentHash: 'new',
    program: 'built',
    arenaBytes: 1000,
    flashBytes: 2 ** 20,
    weightsBytes: 5000,
  },
};

function programFile(content = writeUf2([program])): string {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-prebuilt-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'program.uf2');
  writeFileSync(file, content);
  return file;
}

describe('the program that comes with the extension', () => {
  test('runs a model beside it', async () => {
    const uf2 = await prebuiltWith(image, { ...wanted, board: 'pico' }, programFile());
    const { value = [] } = readUf2(uf2 ?? new Uint8Array());
    expect(value[0]).toEqual(program);
    expect(Buffer.from(modelImageIn(value) ?? []).equals(image)).toBe(true);
  });

  test.each<[string, Partial<WantedFirmware>]>([
    ['another board', { board: 'tiny2040' }],
    ['a model that needs more working memory than it keeps', { arenaBytes: 260_000 }],
  ])('is not for %s', async (_, different) => {
    expect(await prebuiltWith(image, { ...wanted, ...different }, programFile())).toBeUndefined();
  });

  test('may be absent', async () => {
    expect(await prebuiltWith(image, wanted, join(tmpdir(), 'no-program.uf2'))).toBeUndefined();
  });

  test('is refused when it is damaged', async () => {
    const damaged = prebuiltWith(image, wanted, programFile(new Uint8Array(512)));
    await expect(damaged).rejects.toMatchObject({ code: 'flash.uf2' });
  });
});

test('reports a model that neither the board nor that program can run', async () => {
  const plan = { flash: 'program', reason: 'The board runs MicroPython.' } as const;
  const seen = { unknown: plan.reason };
  const alone = withoutBuilding(image, { ...wanted, board: 'tiny2040' }, plan, seen);
  await expect(alone).rejects.toMatchObject({
    code: 'flash.model-only',
    message: expect.stringContaining(plan.reason) as string,
  });
});

test('does not call a model unfit for a board that did not answer', async () => {
  const plan = { flash: 'program', reason: 'What the board runs is not known.' } as const;
  const barred = portFailed('/dev/ttyACM0', new Error('Cannot lock port'), 'linux');
  const seen = { unknown: plan.reason, barred };
  const alone = withoutBuilding(image, { ...wanted, board: 'tiny2040' }, plan, seen);
  await expect(alone).rejects.toMatchObject({
    code: 'flash.port-busy',
    remedy: expect.stringContaining('Close the other program') as string,
  });
});
