import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { interrupted, StarmindError } from '../starmind-error';
import { dataErrors } from './data-errors';

export interface DownloadOptions {
  signal?: AbortSignal;
  onProgress?: (bytes: number, total: number | undefined) => void;
  /** Pinned SHA-256 in hex; without it, the one that the server announces, if any. */
  sha256?: string;
  /** Close a connection that delivers nothing for so long, and connect again. */
  idleMs?: number;
  /** Wait before a new try; doubles with each fruitless try. */
  retryMs?: number;
}

/** Fruitless tries in a row before giving up. */
const fruitlessTries = 3;

/**
 * Fetches a file unless it is there already. The file gets its name only when it is whole and its
 * checksum is right; until then it grows under `.part`, from which a later call continues (HTTP
 * Range with If-Range, so that a changed file is not patched together from two versions).
 */
export async function download(
  url: string,
  file: string,
  options: DownloadOptions = {},
): Promise<void> {
  if (await exists(file)) return;
  await mkdir(dirname(file), { recursive: true });
  const part = new PartFile(file);
  const sha256 = options.sha256 ?? (await announcedSha256(url, options));
  for (let tries = 0; ;) {
    const before = await part.size();
    try {
      await fetchRest(url, part, options);
      break;
    } catch (failure) {
      throwIfFinal(failure, url, file, options.signal);
      tries = (await part.size()) > before ? 0 : tries + 1;
      if (tries === fruitlessTries) throw dataErrors.offline(url, failure);
      // Cut short by the signal, which the next try then meets.
      await sleep((options.retryMs ?? 500) * 2 ** tries, undefined, {
        signal: options.signal,
      }).catch(() => undefined);
    }
  }
  if (sha256 !== undefined && (await sha256Of(part.path)) !== sha256) {
    await part.remove();
    throw dataErrors.checksum(url);
  }
  await rename(part.path, file);
  await part.remove();
}

/** Errors that another try will not mend. */
function throwIfFinal(
  failure: unknown,
  url: string,
  file: string,
  signal: AbortSignal | undefined,
): void {
  if (signal?.aborted) {
    throw interrupted(
      `The download of ${url}`,
      'What has come is kept; the next run goes on there.',
    );
  }
  if (failure instanceof StarmindError) throw failure;
  const code = (failure as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') throw dataErrors.diskFull(file, failure);
  if (code === 'EACCES' || code === 'EROFS' || code === 'EISDIR') {
    throw dataErrors.unwritable(file, failure);
  }
}

/** A growing file and, beside it, the ETag of the version that it is part of. */
class PartFile {
  readonly path: string;
  private readonly tagPath: string;

  constructor(file: string) {
    this.path = `${file}.part`;
    this.tagPath = `${file}.part.etag`;
  }

  async size(): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0;
  }

  async tag(): Promise<string | undefined> {
    return readFile(this.tagPath, 'utf8').catch(() => undefined);
  }

  /** Only a strong ETag promises the same bytes. */
  async setTag(tag: string | null): Promise<void> {
    if (tag === null || tag.startsWith('W/')) await rm(this.tagPath, { force: true });
    else await writeFile(this.tagPath, tag);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.tagPath, { force: true });
  }
}

async function fetchRest(url: string, part: PartFile, options: DownloadOptions): Promise<void> {
  const idle = new IdleAbort(options);
  try {
    const start = await part.size();
    const tag = await part.tag();
    const resume = start > 0 && tag !== undefined;
    const headers: Record<string, string> = resume
      ? { range: `bytes=${start}-`, 'if-range': tag, 'accept-encoding': 'identity' }
      : { 'accept-encoding': 'identity' };
    const response = await fetch(url, { headers, signal: idle.signal });
    if (resume && response.status === 416) {
      // The part is complete, or longer than the file: the range header shows which.
      await response.body?.cancel();
      if (response.headers.get('content-range') === `bytes */${start}`) return;
      await part.remove();
      throw new Error('the part did not fit the file');
    }
    if (!response.ok || response.body === null) throw refusal(url, response.status);
    const goesOn =
      response.status === 206 &&
      (response.headers.get('content-range') ?? '').startsWith(`bytes ${start}-`);
    if (!goesOn) await part.setTag(response.headers.get('etag'));

    let bytes = goesOn ? start : 0;
    const length = response.headers.get('content-length');
    const total = length === null ? undefined : bytes + Number(length);
    const handle = await open(part.path, goesOn ? 'a' : 'w');
    try {
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        idle.restart();
        for (let at = 0; at < chunk.length;) {
          at += (await handle.write(chunk, at)).bytesWritten;
        }
        bytes += chunk.length;
        options.onProgress?.(bytes, total);
      }
    } finally {
      await handle.close();
    }
    if (total !== undefined && bytes < total) throw new Error('the connection was cut');
  } finally {
    idle.end();
  }
}

/** A busy or broken server may do better at the next try; other answers stay as they are. */
function refusal(url: string, status: number): Error {
  return status >= 500 || status === 429
    ? new Error(`HTTP status ${status}`)
    : dataErrors.refused(url, status);
}

/** Aborts with the caller's signal, or when nothing has arrived for a while. */
class IdleAbort {
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor({ signal, idleMs = 60_000 }: DownloadOptions) {
    this.signal = signal
      ? AbortSignal.any([signal, this.controller.signal])
      : this.controller.signal;
    this.timer = setTimeout(() => this.controller.abort(new Error('no answer in time')), idleMs);
  }

  restart(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

/**
 * The hash that Hugging Face sends for large files in its redirect to their store. Absent when the
 * server announces none or does not answer; the download itself then reports the error.
 */
async function announcedSha256(url: string, options: DownloadOptions): Promise<string | undefined> {
  const idle = new IdleAbort(options);
  try {
    const response = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: idle.signal });
    const tag = response.headers.get('x-linked-etag')?.replaceAll('"', '').toLowerCase();
    return tag !== undefined && /^[0-9a-f]{64}$/.test(tag) ? tag : undefined;
  } catch {
    return undefined;
  } finally {
    idle.end();
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
