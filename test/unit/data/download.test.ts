import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadCorpus } from '../../../src/node/data/corpus';
import { download, type DownloadOptions } from '../../../src/node/data/download';
import { exitCodes } from '../../../src/node/starmind-error';
import { errorOf, folderWith } from './folder';

const body = Buffer.from(
  Array.from({ length: 5000 }, (_, i) => `Story ${i}.\n<|endoftext|>\n`).join(''),
);
const sha256 = createHash('sha256').update(body).digest('hex');

interface Behaviour {
  /** Bytes after which the server cuts each connection, in order; none afterwards. */
  cutAfter?: number[];
  /** The connection stays open but silent after the cut. */
  stalls?: boolean;
  ranges?: boolean;
  etag?: string;
  announced?: string;
  status?: number[];
  content?: Buffer;
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  vi.unstubAllEnvs();
});

/** A file server; `requests` lists the range of every GET, `-` for none. */
async function serve(behaviour: Behaviour): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const cuts = [...(behaviour.cutAfter ?? [])];
  const statuses = [...(behaviour.status ?? [])];
  server = createServer((request, response) => {
    if (behaviour.announced) response.setHeader('x-linked-etag', `"${behaviour.announced}"`);
    if (request.method === 'HEAD') return void response.end();
    requests.push(request.headers.range ?? '-');
    const status = statuses.shift();
    if (status !== undefined) return void response.writeHead(status).end();
    send(request, response, behaviour, cuts.shift());
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/file.txt`, requests };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { ranges = true, etag = '"v1"', content = body, stalls = false }: Behaviour,
  cut: number | undefined,
): void {
  response.setHeader('etag', etag);
  let start = 0;
  const range = /bytes=(\d+)-/.exec(request.headers.range ?? '');
  if (ranges && range && request.headers['if-range'] === etag) {
    start = Number(range[1]);
    if (start >= content.length) {
      return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    }
    const last = content.length - 1;
    response.writeHead(206, {
      'content-range': `bytes ${start}-${last}/${content.length}`,
      'content-length': content.length - start,
    });
  } else {
    response.writeHead(200, { 'content-length': content.length });
  }
  const part = content.subarray(start, cut === undefined ? undefined : start + cut);
  if (cut === undefined) response.end(part);
  else response.write(part, () => !stalls && setTimeout(() => response.destroy(), 250));
}

const quick: DownloadOptions = { retryMs: 1, idleMs: 5000 };

describe('download', () => {
  it('fetches a file once', async () => {
    const { url, requests } = await serve({ announced: sha256 });
    const file = join(folderWith({}), 'deep/file.txt');
    const seen: number[] = [];
    await download(url, file, {
      ...quick,
      onProgress: (bytes, total) => {
        expect(total).toBe(body.length);
        seen.push(bytes);
      },
    });
    expect(readFileSync(file).equals(body)).toBe(true);
    expect(seen.at(-1)).toBe(body.length);
    expect(existsSync(`${file}.part`)).toBe(false);
    expect(existsSync(`${file}.part.etag`)).toBe(false);
    await download(url, file, quick);
    expect(requests).toEqual(['-']);
  });

  it('continues after cut connections', async () => {
    const { url, requests } = await serve({ announced: sha256, cutAfter: [30_000, 20_000] });
    const file = join(folderWith({}), 'file.txt');
    await download(url, file, quick);
    expect(readFileSync(file).equals(body)).toBe(true);
    expect(requests).toEqual(['-', 'bytes=30000-', 'bytes=50000-']);
  });

  it('continues where an earlier run was stopped', async () => {
    const { url, requests } = await serve({ announced: sha256, cutAfter: [30_000], stalls: true });
    const file = join(folderWith({}), 'file.txt');
    const stop = new AbortController();
    const work = download(url, file, {
      ...quick,
      signal: stop.signal,
      onProgress: (bytes) => bytes === 30_000 && stop.abort(),
    });
    expect((await errorOf(work)).exitCode).toBe(exitCodes.interrupted);
    expect(existsSync(file)).toBe(false);
    await download(url, file, quick);
    expect(readFileSync(file).equals(body)).toBe(true);
    expect(requests).toEqual(['-', 'bytes=30000-']);
  });

  it('restarts when the server does not support ranges', async () => {
    const { url, requests } = await serve({ announced: sha256, cutAfter: [30_000], ranges: false });
    const file = join(folderWith({}), 'file.txt');
    await download(url, file, quick);
    expect(readFileSync(file).equals(body)).toBe(true);
    expect(requests).toEqual(['-', 'bytes=30000-']);
  });

  it('restarts when the file has changed, or may have', async () => {
    for (const [etag, request] of [
      ['"v2"', 'bytes=4-'],
      ['W/"weak"', 'bytes=4-'],
    ] as const) {
      const { url, requests } = await serve({ announced: sha256, etag });
      const folder = folderWith({ 'file.txt.part': 'old!', 'file.txt.part.etag': '"v1"' });
      await download(url, join(folder, 'file.txt'), quick);
      expect(readFileSync(join(folder, 'file.txt')).equals(body)).toBe(true);
      expect(requests).toEqual([request]);
      server?.close();
    }
  });

  it('finishes a part that is whole already', async () => {
    const { url } = await serve({ announced: sha256 });
    const folder = folderWith({ 'file.txt.part': body, 'file.txt.part.etag': '"v1"' });
    await download(url, join(folder, 'file.txt'), quick);
    expect(readFileSync(join(folder, 'file.txt')).equals(body)).toBe(true);
  });

  it('replaces a part that is too long', async () => {
    const { url } = await serve({ announced: sha256 });
    const long = Buffer.concat([body, body]);
    const folder = folderWith({ 'file.txt.part': long, 'file.txt.part.etag': '"v1"' });
    await download(url, join(folder, 'file.txt'), quick);
    expect(readFileSync(join(folder, 'file.txt')).equals(body)).toBe(true);
  });

  it('reconnects when a connection falls silent', async () => {
    const { url } = await serve({ announced: sha256, cutAfter: [30_000], stalls: true });
    const file = join(folderWith({}), 'file.txt');
    await download(url, file, { ...quick, idleMs: 200 });
    expect(readFileSync(file).equals(body)).toBe(true);
  });

  it('outlasts a busy server', async () => {
    const { url } = await serve({ announced: sha256, status: [503, 429] });
    const file = join(folderWith({}), 'file.txt');
    await download(url, file, quick);
    expect(readFileSync(file).equals(body)).toBe(true);
  });

  it('accepts a file without a checksum', async () => {
    const { url } = await serve({ announced: 'not-a-sha256' });
    const file = join(folderWith({}), 'file.txt');
    await download(url, file, quick);
    expect(readFileSync(file).equals(body)).toBe(true);
  });
});

describe('a failed download', () => {
  it.each([
    ['announced', { announced: '0'.repeat(64) }, {}],
    ['pinned', { announced: sha256 }, { sha256: '1'.repeat(64) }],
  ])('with a wrong checksum (%s) is deleted', async (_, behaviour, options) => {
    const { url } = await serve(behaviour);
    const file = join(folderWith({}), 'file.txt');
    const error = await errorOf(download(url, file, { ...quick, ...options }));
    expect(error.code).toBe('data.checksum');
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('is refused with the status', async () => {
    const { url, requests } = await serve({ status: [404] });
    const error = await errorOf(download(url, join(folderWith({}), 'file.txt'), quick));
    expect(error.code).toBe('data.refused');
    expect(error.message).toContain('404');
    expect(requests).toHaveLength(1);
  });

  it('reports a server that does not answer, and keeps its part', async () => {
    const { url } = await serve({});
    server?.close();
    const folder = folderWith({ 'file.txt.part': 'Story', 'file.txt.part.etag': '"v1"' });
    const error = await errorOf(download(url, join(folder, 'file.txt'), quick));
    expect(error.code).toBe('data.offline');
    expect(error.exitCode).toBe(exitCodes.input);
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.remedy).toMatch(/starter/);
    expect(readFileSync(join(folder, 'file.txt.part'), 'utf8')).toBe('Story');
  });

  it.skipIf(!existsSync('/dev/full'))('names a full disk', async () => {
    const { url } = await serve({});
    const folder = folderWith({});
    symlinkSync('/dev/full', join(folder, 'file.txt.part'));
    const error = await errorOf(download(url, join(folder, 'file.txt'), quick));
    expect(error.code).toBe('data.disk-full');
  });
});

describe('TinyStories', () => {
  it('is fetched into the cache and has validation stories of its own', async () => {
    const { url } = await serve({ announced: sha256 });
    const cache = folderWith({});
    vi.stubEnv('STARMIND_CACHE', cache);
    const data = {
      source: 'tinystories',
      separator: '<|endoftext|>',
      encoding: 'utf-8',
      validation_share: 0.1,
    };
    const corpus = await loadCorpus(data, '/', { seed: 1, tinyStoriesUrl: url });
    expect(corpus.train).toHaveLength(5000);
    expect(corpus.valid).toHaveLength(5000);
    expect(existsSync(join(cache, 'datasets/TinyStoriesV2-GPT4-train.txt'))).toBe(true);
    // Now without the server.
    server?.close();
    writeFileSync(join(cache, 'datasets/TinyStoriesV2-GPT4-valid.txt'), 'Other.');
    const again = await loadCorpus(data, '/', { seed: 1, tinyStoriesUrl: url });
    expect(again.valid).toHaveLength(1);
  });
});
