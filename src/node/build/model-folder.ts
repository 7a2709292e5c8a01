import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceIfChanged } from '../files';
import { programHash } from './program-hash';

/** SRAM for a model, in bytes. */
export type Buffers =
  | {
      /** Bytes of the engine's working memory. */
      arenaBytes: number;
      /** Weights copied to SRAM at boot; 0 leaves them in flash. */
      weightsBytes: number;
    }
  /** Both together: the program runs any model that fits. */
  | { poolBytes: number };

/** Inputs of a firmware build. */
export interface FirmwareInput {
  image: Uint8Array;
  buffers: Buffers;
  clockMhz: number;
  /** Cores that compute: the second one has a stack of its own. */
  cores: 1 | 2;
  /** Whether it can stream matrices; where absent, if its own image does. */
  streams?: boolean;
}

function bufferDefines(buffers: Buffers): Record<string, string> {
  if ('poolBytes' in buffers) return { STARMIND_POOL_BYTES: String(buffers.poolBytes) };
  return {
    STARMIND_WEIGHTS_BYTES: String(buffers.weightsBytes),
    STARMIND_ARENA_BYTES: String(buffers.arenaBytes),
  };
}

/**
 * The header that sizes the firmware's buffers. Sampling defaults are in the image and not here,
 * since the program may get another image.
 */
function configHeader(input: FirmwareInput, program: string): string {
  const defines: Record<string, string> = {
    ...bufferDefines(input.buffers),
    STARMIND_CLOCK_KHZ: String(Math.round(input.clockMhz * 1000)),
    STARMIND_CORES: String(input.cores),
    STARMIND_PROGRAM: `"${program}"`,
  };
  const lines = Object.entries(defines).map(([name, value]) => `#define ${name} ${value}`);
  return `/* Written by starmind build. */\n${lines.join('\n')}\n`;
}

/**
 * Writes the files that firmware/CMakeLists.txt reads from STARMIND_MODEL_DIR. An untouched file
 * spares Ninja the work.
 */
export async function writeModelFolder(folder: string, input: FirmwareInput): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceIfChanged(join(folder, 'model.img'), input.image);
  await replaceIfChanged(
    join(folder, 'model_config.h'),
    Buffer.from(configHeader(input, await programHash())),
  );
}
