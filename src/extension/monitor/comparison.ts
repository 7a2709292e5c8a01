import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RelativePattern, Uri, workspace } from 'vscode';
import { readImageHeader } from '../../core/export/image-header';
import type { Sampling } from '../../core/model/config';
import type { GenerateRequest } from '../../core/wire/commands';
import type { HostToken } from '../../core/wire/monitor-messages';
import { loadModel, runFolder } from '../../node/run/folder';
import { WasmEngine } from '../../node/wasm/engine';

/** A run of the workspace whose model is on the board. */
export interface MatchingRun {
  image: Uint8Array;
  /** What the firmware was built with, where a request leaves something out. */
  sampling: Sampling;
}

/** Tokens that a board speaks when it is not told how many: as many as fit. */
const noLimit = 0xffffffff;
/** Sent together at most: each message wakes the view. */
const tokensAtOnce = 8;

/** The run whose model has this digest, in hexadecimal. */
export async function findRun(modelHash: string): Promise<MatchingRun | undefined> {
  for (const folder of workspace.workspaceFolders ?? []) {
    if (folder.uri.scheme !== 'file') continue;
    const images = await workspace.findFiles(new RelativePattern(folder, '**/runs/*/model.img'));
    for (const { fsPath } of images) {
      const image = await readFile(fsPath).catch(() => undefined);
      if (!image || readImageHeader(image)?.modelHash !== modelHash) continue;
      const { config } = await loadModel(runFolder(dirname(fsPath)).model);
      return { image, sampling: config.target.sampling };
    }
  }
  return undefined;
}

/**
 * Says on this computer what the board was asked to say, in the arithmetic of the board. Tokens
 * are told in small groups, the last with `done`; others get their turn in between.
 */
export async function speakOnHost(
  { image, sampling }: MatchingRun,
  request: GenerateRequest,
  signal: AbortSignal,
  tell: (tokens: readonly HostToken[], done: boolean) => void,
): Promise<void> {
  const engine = await WasmEngine.open(image);
  const spoken = engine.generate({
    prompt: Buffer.from(request.prompt),
    tokens: request.tokens ?? noLimit,
    sampling: {
      temperature: request.temperature ?? sampling.temperature,
      top_k: request.top_k ?? sampling.top_k,
      top_p: request.top_p ?? sampling.top_p,
    },
    seed: request.seed ?? 1,
  });
  // Tokens may end inside a character; the decoder waits for the rest.
  const decoder = new TextDecoder();
  let tokens: HostToken[] = [];
  let index = 0;
  for (const { id, bytes } of spoken) {
    if (signal.aborted) break;
    tokens.push({ index: index++, id, text: decoder.decode(bytes, { stream: true }) });
    if (tokens.length < tokensAtOnce) continue;
    tell(tokens, false);
    tokens = [];
    await nextTurn();
  }
  tell(tokens, true);
}

/** Where recordings of this window are kept. */
export function recordingPath(storage: Uri, now = new Date()): string {
  const stamp = now.toISOString().replace(/[:.]/g, '-');
  return join(storage.fsPath, 'sessions', `${stamp}.jsonl`);
}
