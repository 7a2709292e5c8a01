import type { Architecture } from '../model/config';
import type { Change } from '../problem';

/** Messages of the model editor's host to its webview. */
export type ToModelEditor =
  | {
      kind: 'document';
      text: string;
      /** Name of a model that does not name itself. */
      fallbackName: string;
      /** Shapes of the runs that the text names, by their paths in it. */
      runs: Record<string, Architecture>;
      /** Why the editor cannot train or build here; absent when it can. */
      held?: string;
    }
  /** A message about a request of the webview that failed. */
  | { kind: 'failed'; message: string };

/** Fields whose value is the path of a file. */
export type FileField =
  'data.source' | 'data.validation_file' | 'tokenizer.path' | 'training.from' | 'training.teacher';

/** Messages of the webview to its host. */
export type FromModelEditor =
  | { kind: 'ready' }
  | { kind: 'edit'; changes: readonly Change[] }
  /** Show the text; at an offset, when there is something to see. */
  | { kind: 'openText'; offset?: number }
  | { kind: 'run'; command: 'train' | 'flash' }
  /** Let the user choose a file for a field. */
  | { kind: 'choose'; field: FileField };
