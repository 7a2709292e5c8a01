import { packageRoot } from '../../src/node/assets';
import { findTorch, torchRemedy, type TorchPython } from '../../src/node/train/pytorch/python';

/** A Python that has PyTorch; without one, says why tests are left out. */
export async function torchForTests(): Promise<TorchPython | undefined> {
  const torch = await findTorch(packageRoot());
  if (!torch) {
    process.stderr.write(`Left out: no Python here has PyTorch. ${torchRemedy}\n`);
  }
  return torch;
}
