import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../src/core/wire/device-records';
import { chooseTarget } from '../../src/node/flash/choose-target';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { findProgram } from '../../src/node/toolchain/find';
import { goldenModels } from '../golden/models';
import { compareCycles, testBoard } from '../hil/hil';
import { reportOf, reportText, type HilReport } from '../hil/report';
import { plainBoard } from '../hil/plain-board';
import { buildAnyModel, buildAnyStreaming } from '../support/firmware';
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
  it('flashes models, checks their tokens, and compares cycles', async () => {
    const pico = new PtyPico(folder);
    process.env.STARMIND_SERIAL_PORTS = pico.port;
    process.env.STARMIND_BOOTSEL_VOLUMES = pico.volume;
    const lines: string[] = [];
    try {
      const programs = { resident: await buildAnyModel(), streaming: await buildAnyStreaming(2) };
      await pico.start();
      // Its flash is empty: it shows its drive.
      const kind = async () => (await chooseTarget(undefined).catch(() => undefined))?.kind;
      await expect.poll(kind, { timeout: 10_000 }).toBe('bootloader');
      const board = plainBoard(undefined, (line) => lines.push(line));
      const models = goldenModels.filter(({ name }) =>
        ['llama', 'dim-1', 'stream-int4'].includes(name),
      );
      const soFar: HilReport[] = [];
      const onReport = async (report: HilReport) => void soFar.push(report);
      const report = await testBoard(programs, board, { models, onReport });
      // A board that is lost after the first model has not lost its results, nor passed.
      expect(soFar.map(({ parity, passed }) => [parity.length, passed])).toEqual([
        [1, false],
        [2, false],
        [3, true],
      ]);
      expect(report).toMatchObject({ port: pico.port, firmware: firmwareVersion, models: 3 });
      expect(report.parity.every(({ tokens_per_second }) => tokens_per_second > 0)).toBe(true);
      expect(Date.parse(report.date)).toBeLessThan(Date.now());
      expect(report.parity.map(({ differs_at }) => differs_at)).toEqual([null, null, null]);
      expect(report.passed).toBe(true);
      expect(report.cycles.length).toBeGreaterThan(20);
      // Both are the same emulator; only the serial port may make a difference.
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

it('a measurement that only one side has is a failure', () => {
  const kernel = (name: string, cycles: number) =>
    ({ record: 'bench', kernel: name, cycles }) as const;
  const compared = compareCycles(
    'llama',
    [kernel('query', 100), kernel('value', 50)],
    [kernel('query', 110), kernel('output', 70)],
  );
  expect(compared.cycles).toMatchObject([{ what: 'kernel query', real: 100, emulated: 110 }]);
  expect(compared.unmatched).toEqual([
    { model: 'llama', what: 'kernel value', missing: 'emulated' },
    { model: 'llama', what: 'kernel output', missing: 'real' },
  ]);
  const parity = { model: 'llama', tokens: 1, differs_at: null, tokens_per_second: 5 };
  const report = reportOf([{ parity, ...compared }], 1, {
    surroundings: { commit: null, date: '2026-01-01T00:00:00.000Z', host: 'a computer' },
    place: { port: '/dev/ttyACM0', serialNumber: 'E660' },
    hello: undefined,
  });
  expect(report.passed).toBe(false);
  expect(reportText(report)).toContain('kernel value: the virtual Pico has not measured it.');
  expect(reportText(report)).toContain('Board: E660, at /dev/ttyACM0');
});
