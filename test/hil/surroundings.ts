import { arch, release, type } from 'node:os';
import { packageRoot } from '../../src/node/assets';
import { runProgram } from '../../src/node/process';

/** Circumstances to record with a measurement. */
export interface Surroundings {
  /**
   * Commit of the sources; ends in `+` where they have changed since. Null outside a repository.
   */
  commit: string | null;
  /** When it began, in UTC. */
  date: string;
  /** System of the computer that the board is plugged into. */
  host: string;
}

export async function lookAround(now = new Date()): Promise<Surroundings> {
  const host = `${type()} ${release()} ${arch()}, Node.js ${process.versions.node}`;
  return { commit: await commitNow(), date: now.toISOString(), host };
}

async function commitNow(): Promise<string | null> {
  const head = await git('rev-parse', 'HEAD');
  if (head === undefined) return null;
  const changes = await git('status', '--porcelain', '--untracked-files=no');
  return changes === '' ? head : `${head}+`;
}

async function git(...args: string[]): Promise<string | undefined> {
  const ended = await runProgram('git', args, { cwd: packageRoot() }).catch(() => undefined);
  return ended?.status === 0 ? ended.output.trim() : undefined;
}
