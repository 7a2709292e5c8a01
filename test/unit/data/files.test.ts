import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCorpus } from '../../../src/node/data/corpus';
import { findFiles } from '../../../src/node/data/files';
import { errorOf, folderWith } from './folder';

const find = (source: string, folder: string) => findFiles(source, folder, 'data.source');

async function namesIn(source: string, folder: string): Promise<string[]> {
  return (await find(source, folder)).files.map((file) => basename(file));
}

describe('files of a source', () => {
  it('may have endings in upper case, in folders and globs', async () => {
    const folder = folderWith({ 'texts/A.TXT': 'a', 'texts/b.Md': 'b', 'texts/c.txt': 'c' });
    expect(await namesIn('texts', folder)).toEqual(['A.TXT', 'b.Md', 'c.txt']);
    expect(await namesIn('texts/*.txt', folder)).toEqual(['A.TXT', 'c.txt']);
  });

  it.skipIf(process.platform === 'win32')('are read once, whatever names they have', async () => {
    const folder = folderWith({ 'texts/a.txt': 'a', 'other/b.txt': 'b' });
    linkSync(join(folder, 'texts/a.txt'), join(folder, 'texts/hard.txt'));
    symlinkSync(join(folder, 'texts/a.txt'), join(folder, 'texts/soft.txt'));
    symlinkSync(join(folder, 'other'), join(folder, 'texts/more'));
    const { files, problems } = await find('texts', folder);
    expect(files.map((file) => basename(file)).sort()).toEqual(['a.txt', 'b.txt']);
    const told = problems.map(({ message }) => message);
    expect(told).toContain('hard.txt is the same file as a.txt, and was read once.');
  });

  it.skipIf(process.platform === 'win32')('that are broken links are reported', async () => {
    const folder = folderWith({ 'texts/a.txt': 'a' });
    symlinkSync(join(folder, 'gone.txt'), join(folder, 'texts/b.txt'));
    symlinkSync('round.txt', join(folder, 'round.txt'));
    const { files, problems } = await find('texts', folder);
    expect(files).toHaveLength(1);
    expect(problems.map(({ message }) => message)).toEqual([
      'b.txt is a link to nothing, and was passed over.',
    ]);
    expect((await errorOf(find('texts/b.txt', folder))).message).toContain('is a link to a file');
    expect((await errorOf(find('round.txt', folder))).code).toBe('data.unreadable');
  });

  it.skipIf(process.platform === 'win32')('are files, or folders of them', async () => {
    expect((await errorOf(find('/dev/null', '/'))).code).toBe('data.no-file');
  });
});

describe('a warning about a text', () => {
  const load = (folder: string, more: object = {}) =>
    loadCorpus(
      {
        ...{ source: 'a.txt', separator: '<|endoftext|>', encoding: 'utf-8', validation_share: 0 },
        ...more,
      },
      folder,
      { seed: 1 },
    );
  const codes = async (folder: string, more: object = {}) =>
    (await load(folder, more)).problems.map(({ code }) => code);

  it('names a separator that has no line of its own', async () => {
    const folder = folderWith({
      'a.txt': 'One.<|endoftext|>Two.\n'.repeat(3),
      'mixed.txt': 'One.\n<|endoftext|>\nTwo. <|endoftext|> Three.\n<|endoftext|>\nFour.',
    });
    const { problems } = await load(folder);
    expect(problems).toMatchObject([{ code: 'data.separator', severity: 'warning' }]);
    expect(problems[0]?.message).toContain('occurs 3 times within lines');
    expect(await codes(folder, { source: 'mixed.txt' })).toEqual([]);
    expect(await codes(folder, { separator: '---' })).toEqual([]);
  });

  it('names a held-out file among the training files, which skip it', async () => {
    const folder = folderWith({ 'texts/a.txt': 'one', 'texts/b.txt': 'two' });
    const more = { source: 'texts', validation_file: 'texts/b.txt' };
    const { train, valid, problems } = await load(folder, more);
    expect([train.length, valid.length]).toEqual([1, 1]);
    expect(problems).toMatchObject([{ code: 'data.held-out' }]);
    const same = await load(folder, { source: 'texts/a.txt', validation_file: 'texts/a.txt' });
    expect(same.problems[0]?.message).toContain('measured on itself');
  });

  it('names the file that is not UTF-8', async () => {
    const folder = folderWith({ 'texts/a.txt': 'one' });
    mkdirSync(join(folder, 'texts/deep'));
    writeFileSync(join(folder, 'texts/deep/b.txt'), Buffer.from('caf\xe9', 'latin1'));
    const error = await errorOf(load(folder, { source: 'texts' }));
    expect(error.message).toContain(join('texts', 'deep', 'b.txt'));
    const { train } = await load(folder, { source: 'texts', encoding: 'latin-1' });
    expect(train.map((document) => Buffer.from(document).toString())).toEqual(['one', 'caf\u00e9']);
  });
});
