import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Change } from '../../src/core/problem';
import type { FromModelEditor } from '../../src/core/wire/editor-messages';
import type { EditorState } from './state';

/** Actions that every part of the editor can call. */
export interface Editor {
  state: EditorState;
  /** Shows changes without making them. */
  preview(changes: readonly Change[]): void;
  /** Makes changes: one step of undo. */
  commit(changes: readonly Change[]): void;
  /** Returns to the values in the text. */
  cancel(): void;
  post(message: FromModelEditor): void;
}

export const EditorContext = createContext<Editor | undefined>(undefined);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error('This component belongs into the model editor.');
  return editor;
}
