import { join } from 'node:path';
import { cacheFolder } from '../cache';
import { download, type DownloadOptions } from './download';

/** Publication of TinyStories (CDLA-Sharing-1.0). */
export const tinyStoriesUrl = 'https://huggingface.co/datasets/roneneldan/TinyStories/resolve/main';

const names = {
  train: 'TinyStoriesV2-GPT4-train.txt',
  valid: 'TinyStoriesV2-GPT4-valid.txt',
} as const;

/**
 * Path of one part of TinyStories in the cache folder, after fetching it if need be. The training
 * part is 2.2 GB.
 */
export async function tinyStories(
  part: keyof typeof names,
  baseUrl: string,
  options: DownloadOptions,
): Promise<string> {
  const file = join(cacheFolder('datasets'), names[part]);
  await download(`${baseUrl}/${names[part]}`, file, options);
  return file;
}
