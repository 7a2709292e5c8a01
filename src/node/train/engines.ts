import type { TrainingConfig } from '../../core/model/config';
import type { KernelsFactory } from '../../core/train/kernels';
import { requireTorch } from './pytorch/python';
import { torchKernelsFactory } from './pytorch/torch-kernels';
import { createWasmKernels } from './wasm-kernels';

/**
 * The engine that a model.json asks for.
 * @param modelFolder folder of model.json, which may have a virtual environment
 * @throws StarmindError `tool.torch`
 */
export async function kernelsOfEngine(
  { engine }: Pick<TrainingConfig, 'engine'>,
  modelFolder: string,
): Promise<KernelsFactory> {
  return engine === 'pytorch'
    ? torchKernelsFactory(await requireTorch(modelFolder))
    : createWasmKernels;
}
