import { processOf, type Owner } from '../ownership';
import { interrupted } from '../starmind-error';

export interface WaitOptions {
  signal?: AbortSignal | undefined;
  onLine?: ((line: string) => void) | undefined;
}

/**
 * For `whileOwning`: waits until the other build has ended, and says so once.
 *
 * @throws StarmindError `interrupted` from the function returned
 */
export function waitForBuild({ signal, onLine }: WaitOptions): (owner: Owner) => void {
  let isTold = false;
  return (owner) => {
    if (signal?.aborted) throw interrupted('The build', 'Build it again.');
    if (!isTold) onLine?.(`Waiting for another build: ${processOf(owner)}`);
    isTold = true;
  };
}
