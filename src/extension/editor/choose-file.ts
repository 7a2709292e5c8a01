import { relative } from 'node:path';
import { Uri, window, type TextDocument } from 'vscode';
import { setting, type Change } from '../../core/problem';
import type { FileField } from '../../core/wire/editor-messages';

/** For each field, the title of its dialog, and the file types that it accepts unless it is a folder. */
const questions: Record<FileField, { title: string; filters?: Record<string, string[]> }> = {
  'data.source': { title: 'Text to learn from', filters: { Text: ['txt', 'md'], All: ['*'] } },
  'data.validation_file': { title: 'Held-out text', filters: { Text: ['txt', 'md'], All: ['*'] } },
  'training.from': { title: 'Run to begin with' },
  'training.teacher': { title: 'Run to learn from' },
  'tokenizer.path': { title: 'Hugging Face tokenizer', filters: { Tokenizer: ['json'] } },
};

/**
 * Asks for a file and returns the changes that put it into a field; none when the user chooses
 * none.
 */
export async function chooseFile({ uri }: TextDocument, field: FileField): Promise<Change[]> {
  const folder = Uri.joinPath(uri, '..');
  const { title, filters } = questions[field];
  const [chosen] =
    (await window.showOpenDialog({
      title,
      ...(filters ? { filters } : { canSelectFolders: true, canSelectFiles: false }),
      defaultUri: folder,
    })) ?? [];
  if (!chosen) return [];
  const path = relative(folder.fsPath, chosen.fsPath).replaceAll('\\', '/');
  // A model.json either reads a tokenizer or learns one.
  const others: Change[] =
    field === 'tokenizer.path' ? [{ path: ['tokenizer', 'type'], remove: true }] : [];
  return [...others, setting(field, path)];
}
