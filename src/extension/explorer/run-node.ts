import { valueOf } from '../../core/fields';
import { fileSize, grouped } from '../../core/text';
import { runResults } from '../../core/train/run-results';
import type { FileNode, RunNode } from './nodes';
import { checkpointFile, runFiles } from './run-files';

/** The files of a run that the scan found. */
export interface RunEntry {
  /** Name of its folder. */
  name: string;
  /** Uri of its folder. */
  uri: string;
  /** Text of its summary.json. */
  summary?: string;
  /** The files that exist, by their path below the folder. */
  files: ReadonlyMap<string, { uri: string; bytes: number }>;
}

/** A run and the files that it has. */
export function runNode(modelUri: string, { name, uri, summary, files }: RunEntry): RunNode {
  const trained = files.has(checkpointFile);
  return {
    kind: 'run',
    id: uri,
    uri,
    modelUri,
    name,
    label: name,
    description: (trained && summary && describeSummary(summary)) || 'unfinished',
    trained,
    children: runFiles.flatMap(({ path, label, isText }): FileNode[] => {
      const file = files.get(path);
      if (!file) return [];
      const description = fileSize(file.bytes);
      const tooltip = `${path}: ${grouped(file.bytes)} bytes`;
      return [{ kind: 'file', id: file.uri, uri: file.uri, label, description, tooltip, isText }];
    }),
  };
}

/** One line about a finished training or an import; undefined when the text is no summary of one. */
function describeSummary(text: string): string | undefined {
  const results = valueOf(text, runResults);
  if (!results) return undefined;
  const { imported, quality, steps } = results;
  if (imported !== undefined) return `imported · ${imported}`;
  const measured = quality ? [`${quality.device.toFixed(3)} bits/byte`] : [];
  return [...measured, `${grouped(steps)} steps`].join(' · ');
}
