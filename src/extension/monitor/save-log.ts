import { copyFile, rename, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { Uri, window } from 'vscode';
import { readRecording } from '../../node/board/monitor/recording';

/**
 * Saves a recording where the user wants it: as .jsonl it can be replayed, as anything else it is
 * the bytes that the board has sent.
 */
export async function saveLog(recording: string): Promise<void> {
  const target = await window.showSaveDialog({
    title: 'Save what the board has said',
    filters: { 'Text as received': ['log', 'txt'], 'Session to replay': ['jsonl'] },
    saveLabel: 'Save Log',
  });
  if (!target) return;
  await replaceWith(target, (path) =>
    target.fsPath.endsWith('.jsonl') ? copyFile(recording, path) : writeReceived(recording, path),
  );
  void window.showInformationMessage(`Saved ${target.fsPath}.`);
}

/** The file appears whole or not at all. */
async function replaceWith(target: Uri, write: (path: string) => Promise<void>): Promise<void> {
  const beside = `${target.fsPath}.saving`;
  try {
    await write(beside);
    await rename(beside, target.fsPath);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function writeReceived(recording: string, path: string): Promise<void> {
  const file = createWriteStream(path);
  const failed = once(file, 'error').then(([error]) => Promise.reject(error as Error));
  const written = (async () => {
    for await (const event of readRecording(recording)) {
      if (event.kind === 'received' && !file.write(event.bytes)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'finish');
  })();
  await Promise.race([written, failed]);
}
