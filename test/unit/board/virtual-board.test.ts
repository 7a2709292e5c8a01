import { existsSync } from 'node:fs';
import * as esbuild from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { Symbols } from '../../../src/core/export/symbols';
import { writeUf2 } from '../../../src/core/export/uf2';
import { assetPath, packageRoot } from '../../../src/node/assets';
import type { StarmindError } from '../../../src/node/starmind-error';
import { VirtualBoard } from '../../../src/node/board/virtual/virtual-board';
import { flashWith, halfwords } from '../emulator/assemble';

function uf2Of(program: Uint8Array): Uint8Array {
  return writeUf2(
    flashWith(program).map(({ offset, data }) => ({ address: 0x10000000 + offset, data })),
  );
}

/**
 * Switches UART0 on and echoes its input.
 * ldr r1, =UART0; ldr r0, =0x301; str r0, [r1, #0x30]
 * loop: ldr r0, [r1, #0x18]; movs r2, #0x10; tst r0, r2; bne loop; ldr r0, [r1]; str r0, [r1]; b loop
 */
const echo = halfwords(
  ...[0x4904, 0x4805, 0x6308, 0x6988, 0x2210, 0x4210, 0xd1fb, 0x6808, 0x6008, 0xe7f8],
  ...[0x4000, 0x4003, 0x0301, 0],
);

// `npm test` has built it; here for a run of this file alone.
beforeAll(async () => {
  if (existsSync(assetPath('board-worker.js'))) return;
  await esbuild.build({
    absWorkingDir: packageRoot(),
    entryPoints: ['src/node/board/virtual/worker.ts'],
    outfile: assetPath('board-worker.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
});

describe('virtual board', () => {
  test.each([true, false])('runs a program in its thread, paced: %s', async (paced) => {
    const board = new VirtualBoard(uf2Of(echo), { paced });
    const heard = new Promise<string>((resolve) => {
      let text = '';
      board.onText((piece) => {
        text += piece;
        if (text.endsWith('\n')) resolve(text);
      });
    });
    await board.open();
    board.write('Hello, Pico');
    expect(await heard).toBe('Hello, Pico\n');
    const { cycles, awake_cycles, busy_ms, emulated_seconds } = await board.statistics();
    expect(cycles).toBeGreaterThan(6000);
    expect(awake_cycles).toBeGreaterThan(0);
    expect(busy_ms).toBeGreaterThan(0);
    expect(emulated_seconds).toBeCloseTo(cycles / 125e6);
    await board.close();
    await expect(board.statistics()).rejects.toMatchObject({ code: 'board.closed' });
  });

  test('a crash closes it, with the place and the reason', async () => {
    const run = { name: 'run', address: 0x10000103, size: 8, section: '.text' };
    const board = new VirtualBoard(uf2Of(halfwords(0x2301, 0x6818)), {
      symbols: () => Promise.resolve(new Symbols([run])),
    });
    const closed = new Promise<StarmindError | undefined>((resolve) => board.onClosed(resolve));
    await board.open();
    const reason = await closed;
    expect(reason).toMatchObject({ code: 'board.fault', exitCode: 4 });
    expect(reason?.message).toContain(
      'unaligned read of 4 bytes at 0x00000001.\nCore 0, at run (0x10000102)',
    );
    expect(reason?.message).toContain('r3 0x00000001');
    await board.close();
  });

  test('closing it is no failure', async () => {
    const board = new VirtualBoard(uf2Of(echo));
    const reasons: unknown[] = [];
    board.onClosed((reason) => reasons.push(reason));
    await board.open();
    await board.close();
    expect(reasons).toEqual([undefined]);
  });

  test('a file for something else is refused', () => {
    const refusal = expect.objectContaining({ code: 'board.firmware', exitCode: 1 }) as Error;
    expect(() => new VirtualBoard(new Uint8Array(100))).toThrow(refusal);
    const elsewhere = writeUf2([{ address: 0x30000000, data: halfwords(0) }]);
    expect(() => new VirtualBoard(elsewhere)).toThrow(refusal);
  });
});
