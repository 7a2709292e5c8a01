import type { Change } from '../problem';

/** What the model editor's host tells its webview. */
export type ToModelEditor = {
  kind: 'document';
  text: string;
  version: number;
  /** Name of a model that does not name itself. */
  fallbackName: string;
};

/** What the webview tells its host. */
export type FromModelEditor =
  { kind: 'ready' } | { kind: 'edit'; changes: readonly Change[] } | { kind: 'openText' };
