import { seededRandom } from '../../src/core/random';
import { diceOf } from './dice';
import { checkText } from './invariants';
import { mutant } from './mutate';
import { original } from './originals';
import { checkServer } from './server-invariants';
import { Session } from './session';

export interface FuzzResult {
  inputs: number;
  /** The input that took longest, with all that was done with it. */
  slowest_ms: number;
  slowest_seed: number;
  /** Descriptions of the failures, with all that finding their cause needs. */
  failures: string[];
}

/**
 * Makes one text from each seed and checks the invariants with it.
 *
 * @param counts how many seeds to check with parser, estimate and edits, and how many of the
 *   first of them with the server too
 */
export async function runSeeds(counts: { texts: number; server: number }): Promise<FuzzResult> {
  const session = await Session.start();
  const result: FuzzResult = { inputs: 0, slowest_ms: 0, slowest_seed: 0, failures: [] };
  try {
    for (let seed = 0; seed < counts.texts; seed++) {
      const start = performance.now();
      try {
        await checkSeed(seed, seed < counts.server ? session : undefined);
      } catch (error) {
        result.failures.push(
          `seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`,
        );
      }
      const took = performance.now() - start;
      result.inputs++;
      if (took > result.slowest_ms) Object.assign(result, { slowest_ms: took, slowest_seed: seed });
    }
  } finally {
    session.stop();
  }
  return result;
}

async function checkSeed(seed: number, session: Session | undefined): Promise<void> {
  const dice = diceOf(seededRandom(seed));
  const text = mutant(dice);
  checkText(text, dice);
  if (session) await checkServer(session, original(dice), text, dice);
}
