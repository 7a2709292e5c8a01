import { join } from 'node:path';
import { Machine } from '../../src/emulator/machine';
import { packageRoot } from '../../src/node/assets';
import { buildFirmware } from '../../src/node/build/build-firmware';
import { flashOfElf } from './two-cores';

/** Cycles of a kernel on one core of the virtual Pico, its code and data in SRAM. */
export interface KernelCycles {
  kernel: 'int8' | 'int4' | 'ternary';
  rows: number;
  columns: number;
  prepare: number;
  multiply: number;
}

/** Cycles to scale the sums of rows: to overwrite values in Q16, or to add to them. */
export interface ScalingCycles {
  scaled_rows: number;
  set: number;
  add: number;
  /** Sums below 2^15. */
  set_narrow: number;
  add_narrow: number;
}

/** Cycles to attend with a head to positions, by cache and part. */
export interface AttentionCycles {
  attention: 'int8' | 'int4';
  head_dim: number;
  positions: number;
  scores: number;
  softmax: number;
  /** Of int4 only. */
  share: number;
  values: number;
}

/** Cycles of the loops over so many elements, and over as many logits. */
export interface VectorCycles {
  elements: number;
  all_bits: number;
  round: number;
  gains: number;
  gate: number;
  distances: number;
}

/** Cycles a product that each kernel's instructions need without any loop around them. */
export const kernelBounds = { int8: 3.4, int4: 2.125, ternary: 1.15 };

/** Builds and runs test/firmware/kernels. Returns its lines, up to PASS or FAIL. */
export async function runKernels(): Promise<string[]> {
  const { elf } = await buildFirmware(
    {
      image: new Uint8Array(256),
      buffers: { arenaBytes: 4, weightsBytes: 0 },
      clockMhz: 125,
      cores: 1,
    },
    {
      board: 'pico',
      outFolder: join(packageRoot(), 'out', 'kernels'),
      source: join(packageRoot(), 'test', 'firmware', 'kernels'),
    },
  );
  let text = '';
  const machine = new Machine(await flashOfElf(elf), {
    onOutput: (bytes) => (text += Buffer.from(bytes).toString()),
    onEvent: (event) => {
      text += `${JSON.stringify(event)}\r\nFAIL\r\n`;
    },
  });
  const ended = () => /^(PASS|FAIL.*)\r\n/m.test(text);
  for (let piece = 0; piece < 4000 && !ended(); piece++) machine.run(1_000_000);
  return text.split('\r\n').filter((line) => line !== '');
}

const records = <T>(lines: string[], start: string): T[] =>
  lines.filter((line) => line.startsWith(start)).map((line) => JSON.parse(line) as T);

export const kernelCycles = (lines: string[]) => records<KernelCycles>(lines, '{"kernel"');

export const scalingCycles = (lines: string[]) => records<ScalingCycles>(lines, '{"scaled_rows"');

export const attentionCycles = (lines: string[]) => records<AttentionCycles>(lines, '{"attention"');

export const vectorCycles = (lines: string[]) => records<VectorCycles>(lines, '{"elements"')[0];
