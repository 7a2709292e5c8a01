import { fileSize, grouped } from '../../core/text';
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

/** The fields of summary.json, as `train` and `import` write it, that the view shows. */
interface Summary {
  steps?: unknown;
  /** Present where the weights are those of another program's checkpoint. */
  imported?: { format?: unknown } | null;
  bits_per_byte?: { device?: unknown } | null;
}

/** One line about a finished training or an import; undefined when the text is no summary of one. */
function describeSummary(text: string): string | undefined {
  const summary = parse(text);
  const format = summary?.imported?.format;
  if (typeof format === 'string') return `imported · ${format}`;
  const steps = summary?.steps;
  if (typeof steps !== 'number') return undefined;
  const measured = summary?.bits_per_byte?.device;
  const quality = typeof measured === 'number' ? [`${measured.toFixed(3)} bits/byte`] : [];
  return [...quality, `${grouped(steps)} steps`].join(' · ');
}

function parse(text: string): Summary | null {
  try {
    return JSON.parse(text) as Summary | null;
  } catch {
    return null;
  }
}
