import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { assetPath } from '../assets';
import { exitCodes, StarmindError } from '../starmind-error';

/** The exports of src/train-kernels. Addresses are bytes in the shared memory. */
export interface TrainerExports {
  __stack_pointer: WebAssembly.Global;
  trainer_geometry_address(): number;
  trainer_heap_base(): number;
  trainer_bytes(): number;
  trainer_create(): number;
  trainer_stack_top(trainer: number, thread: number): number;
  trainer_run_steps(trainer: number, thread: number, count: number): void;
  trainer_evaluate(trainer: number, thread: number, count: number, arithmetic: number): void;
}

export type WasmBuild = 'relaxed' | 'plain';

const files: Record<WasmBuild, string> = {
  relaxed: 'wasm/train-relaxed.wasm',
  plain: 'wasm/train.wasm',
};

async function readBuild(build: WasmBuild): Promise<Uint8Array<ArrayBuffer>> {
  const path = assetPath(files[build]);
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new StarmindError(
      'trainer.missing',
      exitCodes.toolMissing,
      `The trainer's WebAssembly module ${path} cannot be read.`,
      'Build it with "npm run build", or install the extension again.',
      { cause },
    );
  }
}

/** Node.js 20 has relaxed SIMD switched off; newer versions have it on and lack the flag. */
function allowRelaxedSimd(): void {
  if (process.versions.node.startsWith('20.')) {
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
}

/** Compiles the build with relaxed SIMD where the runtime supports it, else the plain one. */
export async function compileTrainer(build?: WasmBuild): Promise<WebAssembly.Module> {
  allowRelaxedSimd();
  if (build) return WebAssembly.compile(await readBuild(build));
  const relaxed = await readBuild('relaxed');
  return WebAssembly.compile(WebAssembly.validate(relaxed) ? relaxed : await readBuild('plain'));
}

/** Binds the module to a memory that its other instances share. */
export async function instantiateTrainer(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<TrainerExports> {
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  return instance.exports as unknown as TrainerExports;
}
