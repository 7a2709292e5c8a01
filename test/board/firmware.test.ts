import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buf as crc32 } from 'crc-32';
import { beforeAll, describe, expect, it } from 'vitest';
import { chip } from '../../src/core/chip';
import { cyclesPerToken } from '../../src/core/estimate/cycles';
import { findPreset } from '../../src/core/model/presets';
import {
  crcStart,
  headerOffset,
  imageHeaderBytes,
  scaleLayouts,
  tensorOffset,
} from '../../src/core/export/image-fields';
import { readImageHeader } from '../../src/core/export/image-header';
import { utf8Bytes } from '../../src/core/tokenizer/utf8';
import { samplingOf } from '../../src/core/wire/device-records';
import { programHash } from '../../src/node/build/program-hash';
import { WasmEngine } from '../../src/node/wasm/engine';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { packageRoot } from '../../src/node/assets';
import { bench, generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { contentsOf } from '../../src/node/board/virtual/virtual-pico';
import { Machine } from '../../src/emulator';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { goldenImage, goldenModels, goldenRequest } from '../golden/models';
import { buildRun } from '../../src/node/run/build-run';
import { boardWithImage, buildAnyModel } from '../support/firmware';
import { measureModel } from '../support/measure-model';
import { untrainedRun } from '../support/untrained-run';

/** Builds compile the SDK once; the boards are emulated. */
const minutes = (count: number) => count * 60_000;

/** Why the firmware cannot be built here, if so. */
const missing = await ensureToolchain().then(
  () => undefined,
  (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
);
if (missing) console.log(`Skipped the firmware tests: ${missing}`);

/** The program for any model: as users flash it, and the same on one core. */
let anyModel: Uint8Array;
let onOneCore: Uint8Array;

async function withBoard<T>(
  image: Uint8Array,
  use: (board: VirtualBoard) => Promise<T>,
  program = anyModel,
) {
  const board = boardWithImage(program, image);
  await board.open();
  try {
    return await use(board);
  } finally {
    await board.close();
  }
}

describe.skipIf(missing)('the firmware on the virtual Pico', () => {
  beforeAll(async () => {
    anyModel = await buildAnyModel();
    onOneCore = await buildAnyModel(1);
  }, minutes(10));

  it('sleeps while it waits for a prompt, and wakes for one', async () => {
    let said = '';
    const machine = new Machine(contentsOf(anyModel).contents.flash, {
      onOutput: (bytes) => (said += Buffer.from(bytes).toString()),
      onEvent: (event) => expect.fail(JSON.stringify(event)),
    });
    const second = 200e6;
    machine.run(2 * second);
    expect(said).toMatch(/"record":"ready"/);
    const idle = machine.idleCycles;
    machine.run(20 * second);
    // A look at the input costs 2,700 cycles, and there is one in ten seconds.
    expect(20 * second - (machine.idleCycles - idle)).toBeLessThan(20_000);
    said = '';
    machine.write(Buffer.from('info\n'));
    machine.run(second / 100);
    expect(said).toMatch(/"record":"hello"/);
  });

  it.each(goldenModels.filter(({ streamed }) => !streamed))(
    'generates with golden model $name on two cores and on one bit for bit as the host does',
    async (model) => {
      const file = join(packageRoot(), 'test/golden/engine', `${model.name}.txt`);
      const [, ...expected] = readFileSync(file, 'utf8').trim().split('\n');
      const { prompt, tokens, seed, sampling } = goldenRequest(model);
      for (const [cores, program] of [
        [2, anyModel],
        [1, onOneCore],
      ] as const) {
        const spoken: string[] = [];
        const speak = async (board: VirtualBoard) => {
          expect((await waitForHello(board)).cores).toBe(cores);
          const request = { prompt, tokens, seed, ...sampling, crc: true };
          const done = await generate(board, request, ({ id, crc }) => spoken.push(`${id} ${crc}`));
          expect(done.peak_second_stack !== undefined).toBe(cores === 2);
        };
        await withBoard(goldenImage(model), speak, program);
        expect(spoken).toEqual(expected);
      }
    },
    minutes(5),
  );

  it(
    "reports its image and its program, and uses the image's sampling",
    async () => {
      const model = goldenModels[0]!;
      const [greedy, varied] = [{ temperature: 0 }, { temperature: 1.5, top_k: 0, top_p: 1 }].map(
        (changes) => goldenImage(model, { ...goldenRequest(model).sampling, ...changes }),
      );
      const said = async (image: Uint8Array) =>
        withBoard(image, async (board) => {
          const hello = await waitForHello(board);
          const header = readImageHeader(image);
          expect(hello.model).toBe(header?.contentHash);
          expect(hello.tokenizer).toBe(header?.tokenizerHash);
          expect(hello.program).toBe(await programHash());
          expect(hello.flash_bytes).toBe(chip.flashBytes);
          expect(hello.sampling && samplingOf(hello.sampling)).toEqual(header?.sampling);
          const { tie_embeddings, n_layers } = model.architecture;
          expect(tie_embeddings).toBe(true);
          // Seven matrices a layer and the embedding; the gains and the rotary table.
          expect(hello.formats).toEqual({ int8: 7 * n_layers + 1, int16: 2 * n_layers + 2 });
          const tokens: number[] = [];
          const request = { prompt: 'Once', tokens: 6, seed: 5 };
          await generate(board, request, ({ id }) => tokens.push(id));
          const engine = await WasmEngine.open(image);
          const { sampling } = header!;
          const prompt = utf8Bytes(request.prompt);
          const host = [...engine.generate({ ...request, prompt, sampling })].map(({ id }) => id);
          expect(tokens).toEqual(host);
          return tokens;
        });
      expect(await said(greedy!)).not.toEqual(await said(varied!));
    },
    minutes(5),
  );

  it(
    'reports why there is no usable model, and refuses to generate',
    async () => {
      await withBoard(new Uint8Array(4096).fill(0xff), async (board) => {
        const hello = await waitForHello(board);
        expect(hello.image).toBe('there is no model image');
        expect(hello.model).toBeUndefined();
        await expect(generate(board, { prompt: '' }, () => undefined)).rejects.toMatchObject({
          code: 'board.refused',
        });
      });
    },
    minutes(5),
  );

  it(
    'names a layout of scales that it cannot run',
    async () => {
      const image = goldenImage(goldenModels[0]!).slice();
      const view = new DataView(image.buffer);
      view.setUint8(imageHeaderBytes + tensorOffset('scale_layout'), scaleLayouts.indexOf('group'));
      view.setInt32(headerOffset('crc32'), crc32(image.subarray(crcStart)), true);
      await withBoard(image, async (board) => {
        const hello = await waitForHello(board);
        expect(hello.image).toContain('a scale for each group');
        expect(hello.model).toBeUndefined();
      });
    },
    minutes(5),
  );

  it(
    'answers malformed commands with an error and keeps working',
    async () => {
      const image = goldenImage(goldenModels[0]!);
      await withBoard(image, async (board) => {
        await waitForHello(board);
        const errors: string[] = [];
        board.onRecord((record) => {
          if (record.record === 'error') errors.push(record.message);
        });
        const malformed = [
          'speak',
          'generate tokens=many',
          'generate temperature=99',
          'generate top_p=1.5',
          'generate colour=red',
          'generate tokens',
          'generate prompt=\\q',
          'info now',
          'x'.repeat(2000),
        ];
        for (const line of malformed) board.write(line);
        const before = await waitForHello(board);
        expect(errors).toHaveLength(malformed.length);
        expect(before.image).toBe('ok');
        const context = before.shape?.max_seq_len ?? 0;
        const speak = (prompt: string) => generate(board, { prompt }, () => undefined);
        for (const [letters, fits] of [
          [40, `the context of ${context} (max_seq_len) has room for ${context - 1}.`],
          [240, `more than 512 tokens; the board has room for ${context - 1}.`],
        ] as const) {
          await expect(speak('Q.'.repeat(letters))).rejects.toMatchObject({
            code: 'prompt.too-long',
            message: expect.stringContaining(fits) as string,
          });
        }
        const done = await generate(board, { prompt: 'Once', tokens: 2, seed: 1 }, () => undefined);
        expect(done.tokens).toBeLessThanOrEqual(2);
        expect(done.peak_stack).toBeLessThan(4096);
      });
    },
    minutes(5),
  );

  it(
    'stops on command',
    async () => {
      const stop = new AbortController();
      await withBoard(goldenImage(goldenModels[0]!), async (board) => {
        await waitForHello(board);
        const request = { prompt: 'Once', tokens: 1000, seed: 3, temperature: 1 };
        const done = await generate(board, request, () => stop.abort(), stop.signal);
        expect(['stopped', 'end-of-text']).toContain(done.reason);
        expect(done.tokens).toBeLessThan(40);
      });
    },
    minutes(5),
  );

  it(
    'divides work between the cores in under 100 cycles',
    async () => {
      await withBoard(goldenImage(goldenModels[0]!), async (board) => {
        await waitForHello(board);
        const measured = await bench(board);
        const barrier = measured.find(({ cores }) => cores === 2);
        expect(barrier?.cycles).toBeGreaterThan(0);
        expect(barrier?.cycles).toBeLessThan(100);
        const stacks = measured.find(({ peak_stack }) => peak_stack !== undefined);
        for (const peak of [stacks?.peak_stack, stacks?.peak_second_stack]) {
          expect(peak).toBeGreaterThan(0);
          expect(peak).toBeLessThan(chip.scratchBankBytes);
        }
      });
    },
    minutes(5),
  );

  it.each([
    [125, 1100],
    [133, 1100],
    [150, 1150],
    [200, 1150],
    [225, 1200],
    [250, 1200],
    [264, 1250],
    [266, 1250],
  ])(
    'runs at %i MHz with the voltage that it needs',
    async (clockMhz, millivolts) => {
      const program = await buildAnyModel(2, clockMhz);
      const speak = async (board: VirtualBoard) => {
        const hello = await waitForHello(board);
        expect(hello).toMatchObject({ clock: 'ok', clock_mhz: clockMhz });
        expect(hello).toMatchObject({ clock_hz: clockMhz * 1e6, core_millivolts: millivolts });
        const done = await generate(board, { prompt: '', tokens: 5, seed: 1 }, () => undefined);
        // Whole cycles a token, of the clock that the board reports.
        const reckoned = (clockMhz * 1e6) / done.cycles_per_token;
        expect(done.tokens_per_second / reckoned).toBeCloseTo(1, 3);
        // The timer counts microseconds at any clock: most of the time goes into the tokens.
        const computing = (done.tokens * done.cycles_per_token) / clockMhz;
        expect(done.microseconds).toBeGreaterThan(0.95 * computing);
      };
      await withBoard(goldenImage(goldenModels[0]!), speak, program);
    },
    minutes(5),
  );

  it(
    'refuses to generate at another clock than the one asked for',
    async () => {
      const speak = async (board: VirtualBoard) => {
        const hello = await waitForHello(board);
        expect(hello).toMatchObject({ clock: 'the PLL cannot make 139000 kHz', clock_mhz: 125 });
        await expect(generate(board, { prompt: '' }, () => undefined)).rejects.toMatchObject({
          code: 'board.refused',
          message: expect.stringContaining('139000 kHz') as string,
        });
      };
      await withBoard(goldenImage(goldenModels[0]!), speak, await buildAnyModel(2, 139));
    },
    minutes(5),
  );

  it(
    'starts again when the chip is reset, or gets another model, while both cores generate',
    async () => {
      const [before, after] = [goldenImage(goldenModels[0]!), goldenImage(goldenModels[1]!)];
      let said = '';
      const events: string[] = [];
      const { flash } = contentsOf(anyModel).contents;
      const image = { offset: chip.modelFlashOffset, data: before };
      const machine = new Machine([...flash, image], {
        onOutput: (bytes) => (said += Buffer.from(bytes).toString()),
        onEvent: ({ kind }) => events.push(kind),
      });
      const until = (text: string, pieces: number) => {
        for (let piece = 0; piece < pieces && !said.includes(text); piece++) machine.run(100_000);
        expect(said).toContain(text);
      };
      const speaks = () => {
        until('"ready"', 2000);
        said = '';
        machine.write(Buffer.from('generate prompt=Once tokens=40 seed=5 temperature=1\n'));
        until('"token"', 500);
        expect(machine.cores[1].held).toBe(false);
      };
      speaks();
      said = '';
      machine.restart();
      speaks();
      machine.write(Buffer.from('stop\nbootsel\n'));
      for (let piece = 0; piece < 500 && events.length === 0; piece++) machine.run(100_000);
      expect(events).toEqual(['bootloader']);
      machine.chip.flash.set(after, chip.modelFlashOffset);
      said = '';
      machine.restart();
      until('"ready"', 2000);
      expect(said).toContain(readImageHeader(after)!.contentHash);
      speaks();
      expect(events).toEqual(['bootloader']);
    },
    minutes(5),
  );
});

type Shape = ModelFile['architecture'];

/** Shapes of presets and others that fit SRAM, and how their weights are placed. */
const shapes: [Shape, 'sram' | 'flash'][] = [
  [{ vocab_size: 64, dim: 2, hidden_dim: 128, n_layers: 1, n_heads: 8, max_seq_len: 32 }, 'sram'],
  [{ vocab_size: 256, dim: 8, hidden_dim: 192, n_layers: 2, n_heads: 4, max_seq_len: 48 }, 'sram'],
  [
    { vocab_size: 1024, dim: 12, hidden_dim: 384, n_layers: 4, n_heads: 12, max_seq_len: 96 },
    'sram',
  ],
  [
    { vocab_size: 2048, dim: 48, hidden_dim: 128, n_layers: 2, n_heads: 4, max_seq_len: 256 },
    'sram',
  ],
  [{ vocab_size: 512, dim: 96, hidden_dim: 64, n_layers: 2, n_heads: 3, max_seq_len: 100 }, 'sram'],
  [
    {
      vocab_size: 512,
      dim: 64,
      hidden_dim: 172,
      n_layers: 5,
      n_heads: 8,
      n_kv_heads: 4,
      max_seq_len: 512,
    },
    'flash',
  ],
  [{ vocab_size: 700, dim: 33, hidden_dim: 77, n_layers: 3, n_heads: 11, max_seq_len: 61 }, 'sram'],
  [
    {
      vocab_size: 2048,
      dim: 64,
      hidden_dim: 200,
      n_layers: 2,
      n_heads: 4,
      max_seq_len: 64,
      tie_embeddings: false,
    },
    'flash',
  ],
];

/** The golden models as they are, with their formats and their way out of a full context. */
const configurations: Pick<ModelFile, 'architecture' | 'quantization' | 'target'>[] = [
  ...goldenModels.map(({ architecture, quantization, target = {} }) => ({
    ...{ architecture, quantization, target },
  })),
  ...shapes.map(([architecture, weights]) => ({ architecture, target: { weights } })),
];

describe.skipIf(missing)('the estimate against the linked firmware', () => {
  it.each(configurations.map((file, index) => ({ index, file })))(
    'holds for configuration $index, built and started as users do',
    async ({ file }) => {
      const run = await untrainedRun({ version: 1, ...file });
      const { sram, flash, uf2 } = await buildRun(run, {});
      for (const part of ['weights', 'arena'] as const) {
        expect(sram.parts[part]?.linked, part).toBe(sram.parts[part]?.estimated);
      }
      expect(Math.abs(sram.linked / sram.estimated - 1)).toBeLessThan(0.01);
      expect(sram.linked).toBeLessThanOrEqual(chip.sramBytes);
      expect(flash.parts.model?.linked).toBe(flash.parts.model?.estimated);
      expect(Math.abs(flash.linked / flash.estimated - 1)).toBeLessThan(0.01);

      // The engine itself reports whether the linked buffers are large enough.
      const board = new VirtualBoard(await readFile(uf2));
      await board.open();
      try {
        expect((await waitForHello(board)).image).toBe('ok');
        const done = await generate(board, { prompt: '', tokens: 1, seed: 1 }, () => undefined);
        expect(done.peak_stack).toBeLessThan(sram.parts.stack?.linked ?? 0);
      } finally {
        await board.close();
      }
    },
    minutes(5),
  );

  it('is held to twenty configurations and more', () => {
    expect(configurations.length).toBeGreaterThanOrEqual(20);
  });
});

describe.skipIf(missing)('weights in flash', () => {
  it(
    'need the cycles of the estimate',
    async () => {
      const { file } = findPreset('story-260k')!;
      const config = withDefaults(
        { ...file, target: { weights: 'flash', cores: 1 } },
        'story-260k',
      );
      const { tokens } = await measureModel(config);
      expect(tokens.length).toBeGreaterThan(3);
      for (const { context, cycles } of tokens) {
        const { parts, total } = cyclesPerToken(config, context);
        const estimated = total - parts.sampling;
        expect(Math.abs(estimated / cycles - 1), `context ${context}`).toBeLessThan(0.05);
        expect(parts.flash_waits).toBeGreaterThan(0.2 * cycles);
      }
    },
    minutes(10),
  );
});
