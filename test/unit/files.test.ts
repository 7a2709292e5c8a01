import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, unwritable } from '../../src/node/files';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'starmind-files-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('replaceFile', () => {
  it('replaces the old content and leaves nothing beside it', async () => {
    const file = join(folder, 'a');
    writeFileSync(file, 'old');
    await replaceFile(file, Uint8Array.of(1, 2, 3));
    expect([...readFileSync(file)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('leaves no trace of a write that fails', async () => {
    await expect(replaceFile(join(folder, 'missing', 'a'), 'x')).rejects.toMatchObject({
      code: 'run.unwritable',
    });
    await expect(replaceFile(folder, 'x')).rejects.toMatchObject({ code: 'run.unwritable' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('distinguishes a full disk from other failures', () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    expect(unwritable('a', full).code).toBe('disk.full');
    expect(unwritable('a', new Error('no')).code).toBe('run.unwritable');
  });
});
