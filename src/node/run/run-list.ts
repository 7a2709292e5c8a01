import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFacts } from '../../core/train/page-messages';
import { runFolder } from './folder';
import { WatchedRun } from './run-facts';

/** The runs in a folder of runs, which is looked at again and again. */
export class RunList {
  private known = new Map<string, WatchedRun>();

  constructor(private readonly folder: string) {}

  /** By name: the runs that were trained or imported, and those at work. */
  async read(): Promise<RunFacts[]> {
    const before = this.known;
    this.known = new Map(
      foldersIn(this.folder).map((name) => [
        name,
        before.get(name) ?? new WatchedRun(name, runFolder(join(this.folder, name))),
      ]),
    );
    const facts = await Promise.all([...this.known.values()].map((run) => run.facts()));
    return facts
      .filter((run) => run !== undefined)
      .sort((one, other) => one.name.localeCompare(other.name));
  }
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    // Nothing has been trained yet.
    return [];
  }
}
