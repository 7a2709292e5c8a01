import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeUf2 } from '../../../src/core/export/uf2';
import { WindowPico } from '../../../src/extension/virtual-pico/window-pico';
import { flashWith, halfwords } from '../emulator/assemble';
import { withHole } from '../export/uf2-blocks';

test('the virtual Pico tells of the pages that its file lacks, until the next program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-window-'));
  const pico = new WindowPico(folder);
  onTestFinished(async () => {
    await pico.dispose();
    rmSync(folder, { recursive: true });
  });
  const pages = writeUf2([{ address: 0x10000000, data: new Uint8Array(1024) }]);
  await pico.load({ name: 'holed', uf2: withHole(pages) });
  expect(pico.notice).toMatch(/^The file lacks 2 pages of the flash sectors/);
  // b .
  const whole = flashWith(halfwords(0xe7fe)).map(({ offset, data }) => ({
    address: 0x10000000 + offset,
    data,
  }));
  await pico.load({ name: 'whole', uf2: writeUf2(whole) });
  expect(pico.notice).toBeUndefined();
});
