import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { estimateModel } from '../../src/core/estimate/estimate';
import { placed } from '../../src/core/estimate/placement';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { packageRoot } from '../../src/node/assets';
import { generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { buildRun } from '../../src/node/run/build-run';
import { loadRun } from '../../src/node/run/export';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { WasmEngine } from '../../src/node/wasm/engine';
import { goldenImage, goldenModels, goldenRequest } from '../golden/models';
import { boardWithImage, buildAnyModel, buildAnyStreaming } from '../support/firmware';
import { untrainedRun } from '../support/untrained-run';

const minutes = (count: number) => count * 60_000;

/** Why the firmware cannot be built here, if so. */
const missing = await ensureToolchain().then(
  () => undefined,
  (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
);
if (missing) console.log(`Skipped the tests of streamed models: ${missing}`);

const models = goldenModels.filter(({ streamed }) => streamed);

async function withBoard<T>(board: VirtualBoard, use: (board: VirtualBoard) => Promise<T>) {
  await board.open();
  try {
    return await use(board);
  } finally {
    await board.close();
  }
}

describe.skipIf(missing)('a model that streams matrices from flash', () => {
  /** The programs for any such model, on two cores and on one. */
  const programs: Record<1 | 2, Uint8Array> = { 1: new Uint8Array(), 2: new Uint8Array() };

  beforeAll(async () => {
    programs[1] = await buildAnyStreaming(1);
    programs[2] = await buildAnyStreaming(2);
  }, minutes(10));

  it.each(models.flatMap((model) => ([1, 2] as const).map((cores) => ({ model, cores }))))(
    '$model.name gives the bits of the host on $cores cores',
    async ({ model, cores }) => {
      const file = join(packageRoot(), 'test/golden/engine', `${model.name}.txt`);
      const [, ...expected] = readFileSync(file, 'utf8').trim().split('\n');
      const { sampling, ...request } = goldenRequest(model);
      const spoken: string[] = [];
      await withBoard(boardWithImage(programs[cores], goldenImage(model)), async (board) => {
        await waitForHello(board);
        await generate(board, { ...request, ...sampling, crc: true }, ({ id, crc }) =>
          spoken.push(`${id} ${crc}`),
        );
      });
      expect(spoken).toEqual(expected);
    },
    minutes(5),
  );

  it(
    'stops in the middle, and speaks again',
    async () => {
      const request = { prompt: '', seed: 1, temperature: 1 };
      await withBoard(boardWithImage(programs[2], goldenImage(models[0]!)), async (board) => {
        await waitForHello(board);
        const stop = new AbortController();
        const heard: number[] = [];
        const hear = ({ id }: { id: number }) => {
          if (heard.push(id) === 2) stop.abort();
        };
        await generate(board, { ...request, tokens: 40 }, hear, stop.signal).catch(() => undefined);
        expect(heard.length).toBeLessThan(40);
        const again: number[] = [];
        await generate(board, { ...request, tokens: 4 }, ({ id }) => again.push(id));
        expect(again.slice(0, 2)).toEqual(heard.slice(0, 2));
      });
    },
    minutes(5),
  );

  it(
    'is named by a program that cannot stream',
    async () => {
      const board = boardWithImage(await buildAnyModel(), goldenImage(models[0]!));
      await withBoard(board, async () => {
        const hello = await waitForHello(board);
        expect(hello.image).toContain('streams matrices from flash');
        expect(hello.model).toBeUndefined();
      });
    },
    minutes(5),
  );

  // 1.1 million int4 weights, of which SRAM holds the smaller matrices.
  const file: ModelFile = {
    version: 1,
    architecture: {
      ...{ vocab_size: 512, dim: 192, hidden_dim: 512, n_layers: 3, n_heads: 6, n_kv_heads: 2 },
      max_seq_len: 64,
    },
    quantization: { weights: 'int4' },
    target: { weights: 'stream' },
  };

  it(
    'keeps in SRAM what fits, links as estimated, and takes the time that is estimated',
    async () => {
      const config = withDefaults(file, 'streamed');
      const { streamed } = placed(config);
      expect(streamed!.size).toBeGreaterThan(0);
      expect(streamed!.size).toBeLessThan(8);
      const run = await untrainedRun(file);
      const { sram, uf2 } = await buildRun(run, {});
      for (const part of ['weights', 'arena'] as const) {
        expect(sram.parts[part]?.linked).toBe(sram.parts[part]?.estimated);
      }
      expect(Math.abs(sram.linked / sram.estimated - 1)).toBeLessThan(0.01);
      const request = { prompt: '', tokens: 40, seed: 3, temperature: 1 };
      const spoken: number[] = [];
      const board = new VirtualBoard(await readFile(uf2));
      const done = await withBoard(board, async () => {
        await waitForHello(board);
        return generate(board, request, ({ id }) => spoken.push(id));
      });
      const engine = await WasmEngine.open((await loadRun(run)).image);
      const { sampling } = config.target;
      const host = engine.generate({
        ...request,
        prompt: new Uint8Array(),
        sampling: { ...sampling, temperature: 1 },
      });
      expect(spoken).toEqual([...host].map(({ id }) => id));
      const { cycles_per_token } = estimateModel(config).speed;
      expect(Math.abs(done.cycles_per_token / cycles_per_token - 1)).toBeLessThan(0.1);
    },
    minutes(5),
  );
});
