import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arenaBytes } from '../../src/core/estimate/arena';
import { chip } from '../../src/core/chip';
import calibration from '../../src/core/estimate/calibration.json';
import { secondStackBytes, totalOf } from '../../src/core/estimate/estimate';
import { linkedSizes } from '../../src/core/estimate/linked';
import type { ElfFile } from '../../src/core/export/elf';
import { readImageHeader } from '../../src/core/export/image-header';
import { sectionBytes } from '../../src/core/export/layout';
import { buildFirmware, type Firmware } from '../../src/node/build/build-firmware';
import type { FirmwareInput } from '../../src/node/build/model-folder';
import { loadElf } from '../../src/node/build/read-elf';
import { WasmEngine } from '../../src/node/wasm/engine';
import { goldenImage, goldenModels } from '../golden/models';
import { errorOf } from '../unit/data/folder';

const minute = 60_000;
const flashStart = 0x10000000;

const folder = mkdtempSync(join(tmpdir(), 'starmind-firmware-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds with the real toolchain; all tests share the SDK's objects. */
function build(input: FirmwareInput): Promise<Firmware> {
  return buildFirmware(input, { board: 'pico', outFolder: folder });
}

function goldenInput(name: string): FirmwareInput {
  const model = goldenModels.find((candidate) => candidate.name === name);
  if (!model) throw new Error(`no golden model ${name}`);
  return {
    image: goldenImage(model),
    buffers: {
      arenaBytes: arenaBytes(model).total,
      weightsBytes: sectionBytes(model, 'weights'),
    },
    clockMhz: 125,
    cores: 1,
  };
}

describe('the linked firmware', () => {
  const input = goldenInput('llama');
  let elf: ElfFile;

  beforeAll(async () => {
    elf = await loadElf((await build(input)).elf);
  }, 5 * minute);

  const symbol = (name: string) => elf.symbols.find((candidate) => candidate.name === name);

  test('has buffers of exactly the bytes that the engine and the image need', async () => {
    const engine = await WasmEngine.open(input.image);
    expect(symbol('starmind_arena')?.size).toBe(engine.arenaBytes);
    const { weightsBytes } = readImageHeader(input.image)!;
    expect(symbol('starmind_weights')?.size).toBe(weightsBytes);
  });

  test('has the image at its fixed place, byte for byte', () => {
    const address = flashStart + chip.modelFlashOffset;
    const section = elf.sections.find(({ name }) => name === '.starmind_model');
    expect(section).toMatchObject({ address, size: input.image.length });
    const segment = elf.segments.find((candidate) => candidate.address === address);
    expect(Buffer.compare(segment?.data ?? new Uint8Array(), input.image)).toBe(0);
  });

  test('keeps the program below the image', () => {
    const end = flashStart + chip.modelFlashOffset;
    for (const { address, data } of elf.segments.filter((segment) => segment.address < end)) {
      expect(address + data.length).toBeLessThanOrEqual(end);
    }
  });

  test('runs the engine from SRAM', () => {
    for (const name of [
      'sm_engine_forward',
      'sm_attention',
      'sm_feed_forward',
      'sm_exp2_table',
      'sm_kernel_int8_multiply',
      'sm_parallel',
    ]) {
      expect(symbol(name)?.address, name).toBeGreaterThanOrEqual(0x20000000);
    }
  });

  test('keeps no stack for a core that does not compute', () => {
    expect(symbol('starmind_second_stack')).toBeUndefined();
    expect(linkedSizes(elf).sram).toMatchObject({
      stack: chip.scratchBankBytes,
      second_stack: 0,
      reserved: chip.scratchBankBytes,
    });
  });

  test('keeps the stack of the second core in a scratch bank, as estimated', async () => {
    const two = await loadElf((await build({ ...input, cores: 2 })).elf);
    const stack = two.symbols.find(({ name }) => name === 'starmind_second_stack');
    const scratch = chip.sramAddress + chip.stripedBytes;
    expect(stack).toMatchObject({ address: scratch, size: chip.scratchBankBytes });
    // From flash it would disturb whoever writes there.
    const run = two.symbols.find(({ name }) => name === 'sm_second_core_run');
    expect(run?.address).toBeGreaterThan(chip.sramAddress);
    const { sram } = linkedSizes(two);
    expect(sram.second_stack).toBe(secondStackBytes({ cores: 2 }));
    expect(sram.stack).toBe(chip.scratchBankBytes);
    // No other part grows by it, but for the program of that core.
    const one = linkedSizes(elf).sram;
    const { code, program, ...others } = sram;
    expect({ ...others, second_stack: 0, reserved: one.reserved }).toMatchObject({
      weights: one.weights,
      arena: one.arena,
      stack: one.stack,
    });
    expect(code + program - one.code - one.program).toBeLessThan(128);
  });

  test.each([1, 2] as const)(
    'has room for a model that fits by the estimate, on %s',
    async (cores) => {
      // Parts of the estimate beside the arena; the linker rounds sections to words.
      const { code, program } = calibration.sram;
      const free = chip.sramBytes - 2 * chip.scratchBankBytes - code - program;
      const buffers = { arenaBytes: free - 400, weightsBytes: 0 };
      const fitting = await loadElf((await build({ ...input, cores, buffers })).elf);
      expect(totalOf(linkedSizes(fitting).sram)).toBeLessThanOrEqual(chip.sramBytes);
      const larger = { arenaBytes: free + 400, weightsBytes: 0 };
      const error = await errorOf(build({ ...input, cores, buffers: larger }));
      expect(error.message).toMatch(/RAM/);
    },
  );

  test('contains neither a heap nor floating point nor formatting', () => {
    for (const name of ['malloc', '_malloc_r', 'printf', '__wrap_printf', 'sf_table', 'sd_table']) {
      expect(symbol(name)?.address, name).toBeUndefined();
    }
  });

  test('is linked again for another model without compiling the SDK again', async () => {
    const lines: string[] = [];
    await buildFirmware(goldenInput('dim-2'), {
      ...{ board: 'pico', outFolder: folder },
      onLine: (line) => lines.push(line),
    });
    // The app's own files, the image and the link; the SDK alone is over eighty.
    const steps = lines.flatMap((line) => / of (\d+)$/.exec(line)?.[1] ?? []);
    expect(steps.length).toBeGreaterThan(0);
    expect(Math.max(...steps.map(Number))).toBeLessThan(20);
  });

  test.each([
    ['flash', { image: new Uint8Array(chip.flashBytes - chip.modelFlashOffset + 4) }],
    ['RAM', { buffers: { arenaBytes: 260_000, weightsBytes: 0 } }],
  ])('refuses what does not fit the %s', async (memory, changed) => {
    const error = await errorOf(build({ ...input, ...changed }));
    expect(error.message).toMatch(new RegExp(`${memory}`));
  });
});
