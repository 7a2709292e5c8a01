import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseTarget } from '../../src/node/flash/choose-target';
import { StarmindError } from '../../src/node/errors';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { findProgram } from '../../src/node/toolchain/find';
import { goldenModels } from '../golden/models';
import { reportText, testBoard } from '../hil/hil';
import { plainBoard } from '../hil/plain-board';
import { buildAnyModel } from '../support/firmware';
import { PtyPico } from '../support/pty-pico';

const missing = findProgram('socat')
  ? await ensureToolchain().then(
      () => undefined,
      (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
    )
  : 'socat, which makes pseudo-terminals, is not here.';
if (missing) console.log(`Skipped the test of the board test: ${missing}`);

const folder = mkdtempSync(join(tmpdir(), 'starmind-hil-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missing)('the test of boards, on a virtual Pico behind a pseudo-terminal', () => {
  it('flashes models, finds them to speak as they should, and compares cycles', async () => {
    const pico = new PtyPico(folder);
    process.env.STARMIND_SERIAL_PORTS = pico.port;
    process.env.STARMIND_BOOTSEL_VOLUMES = pico.volume;
    const lines: string[] = [];
    try {
      const program = await buildAnyModel();
      await pico.start();
      // Its flash is empty: it shows its drive.
      const kind = async () => (await chooseTarget(undefined).catch(() => undefined))?.kind;
      await expect.poll(kind, { timeout: 10_000 }).toBe('bootloader');
      const board = plainBoard(undefined, (line) => lines.push(line));
      const models = goldenModels.filter(({ name }) => ['llama', 'dim-1'].includes(name));
      const report = await testBoard(program, board, models);
      expect(report.parity.map(({ differs_at }) => differs_at)).toEqual([null, null]);
      expect(report.passed).toBe(true);
      expect(report.cycles.length).toBeGreaterThan(20);
      // Both are the same emulator; only what the serial port adds may differ.
      expect(report.token_error.worst).toBeLessThan(0.01);
      expect(reportText(report)).toContain('| llama |');
      // The second model needs no second program.
      expect(lines.some((line) => line.includes('asking its firmware'))).toBe(true);
    } finally {
      await pico.dispose();
      delete process.env.STARMIND_SERIAL_PORTS;
      delete process.env.STARMIND_BOOTSEL_VOLUMES;
    }
  }, 300_000);
});
