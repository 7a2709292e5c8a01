import type { Architecture } from '../../src/core/model/config';
import { assessModel } from '../../src/core/estimate/assess';
import type { Estimate } from '../../src/core/estimate/estimate';
import { memoryMap, type MemoryMap } from '../../src/core/estimate/memory-map';
import type { ModelConfig } from '../../src/core/model/config';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { editText } from '../../src/core/model/edit';
import type { Change, Problem } from '../../src/core/problem';

/** The host's text of the model.json. */
export interface EditorDocument {
  text: string;
  fallbackName: string;
  runs: Record<string, Architecture>;
  held?: string;
}

/** The model that the form shows. */
export interface ShownModel {
  /** The last text that the schema accepted. */
  file: ModelFile;
  config: ModelConfig;
}

export interface ShownEstimate extends ShownModel {
  estimate: Estimate;
  memory: MemoryMap;
}

export interface EditorState {
  document: EditorDocument;
  /**
   * Changes that the form shows and the text does not have yet; `sent`: on their way to the host.
   */
  draft: { changes: readonly Change[]; sent: boolean } | undefined;
  /** The file belongs to another program. */
  isForeign: boolean;
  problems: readonly Problem[];
  /** Whether the text is JSON, so that changes can be written into it. */
  isReadable: boolean;
  /** With the draft applied; absent until the first model that can be shown. */
  model: ShownModel | undefined;
  /** Without the draft: the base of changes. */
  written: ModelFile | undefined;
  /** Costs of the last model without errors; absent until there was one. */
  costs: ShownEstimate | undefined;
  /** The estimate belongs to an earlier text. */
  isStale: boolean;
}

/**
 * The host has sent the text: after an edit from anywhere, or in answer to a change of the form.
 */
export function received(previous: EditorState | undefined, document: EditorDocument): EditorState {
  // Keep a value that the user is dragging, over the new text.
  const draft = previous?.draft?.sent ? undefined : previous?.draft;
  return read(document, draft, previous);
}

/** Shows changes that the user has not confirmed yet. */
export function previewed(state: EditorState, changes: readonly Change[]): EditorState {
  return read(state.document, { changes, sent: false }, state);
}

/** Marks changes as sent to the host. */
export function committed(state: EditorState, changes: readonly Change[]): EditorState {
  return read(state.document, { changes, sent: true }, state);
}

/** Drops changes that the user has given up. */
export function cancelled(state: EditorState): EditorState {
  return state.draft ? read(state.document, undefined, state) : state;
}

function read(
  document: EditorDocument,
  draft: EditorState['draft'],
  previous: EditorState | undefined,
): EditorState {
  const text = draft ? editText(document.text, draft.changes) : document.text;
  const { value, file, estimate, problems, isForeign } = assessModel(
    text,
    document.fallbackName,
    undefined,
    (name) => (Object.hasOwn(document.runs, name) ? document.runs[name] : undefined),
  );
  const model = file && { file, config: withDefaults(file, document.fallbackName) };
  const written = draft ? previous?.written : file;
  return {
    document,
    draft,
    isForeign,
    problems,
    isReadable: !problems.some(({ code }) => code.startsWith('json.')),
    model: model ?? previous?.model,
    written: written ?? previous?.written,
    costs:
      value && file && estimate
        ? { file, config: value, estimate, memory: memoryMap(value) }
        : previous?.costs,
    isStale: !estimate,
  };
}
