import type { Architecture } from './config';
import { withDefaults, type ModelFile } from './defaults';

/** Begins the names of runs that the package contains; other names are paths. */
const prefix = 'starmind:';

/** Shape of the run of `examples/best-story`. */
export const bestStoryShape: ModelFile['architecture'] = {
  vocab_size: 768,
  dim: 96,
  hidden_dim: 184,
  n_layers: 4,
  n_heads: 6,
  n_kv_heads: 1,
  max_seq_len: 256,
};

const shapes: Readonly<Record<string, ModelFile['architecture']>> = {
  'best-story': bestStoryShape,
};

/** Names of the shipped runs, as `training.from` and `training.teacher` have them. */
export const shippedRuns: readonly string[] = Object.keys(shapes).map((name) => prefix + name);

/** The remedy for a name that is no run's. */
export const nameRun = `Name the folder of a run, relative to this file, or ${shippedRuns.join(' or ')}.`;

/** Folder of a shipped run among the package's models; undefined for a path. */
export function shippedFolder(name: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** Shape of a shipped run by its folder; undefined where there is no such run. */
export function shippedShape(folder: string): Architecture | undefined {
  const architecture = Object.hasOwn(shapes, folder) ? shapes[folder] : undefined;
  return architecture && withDefaults({ version: 1, architecture }, folder).architecture;
}
