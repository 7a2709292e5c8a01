import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { quotedForShell } from '../../src/core/shell';
import { nodeCommand } from '../../src/node/build/node-command';

const odd = [
  "Anna's models",
  'copy (2)',
  'a&b',
  '$HOME',
  '`id`',
  'a"b',
  'a\\b',
  '*',
  '~',
  '!x',
  '',
  'é',
];

describe.skipIf(process.platform === 'win32')('a POSIX shell', () => {
  test.each(odd)('reads %j as the quoted word', (word) => {
    const script = `printf %s ${quotedForShell(word, 'posix')}`;
    expect(spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(word);
  });

  test('starts a Node.js at an awkward path, with the arguments given', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'starmind-node-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const home = join(folder, "Helper (Plugin)'s & more");
    mkdirSync(home);
    symlinkSync(process.execPath, join(home, 'node'));
    const command = await nodeCommand(folder, join(home, 'node'));
    expect(command).toBe(join(folder, 'node'));
    const words = ['-p', 'JSON.stringify(process.argv.slice(1))', 'a b', "c'd"];
    const { stdout } = spawnSync(command, words, { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(['a b', "c'd"]);
  });
});

test('words without special characters stay as they are', () => {
  expect(quotedForShell('runs/demo-1.2', 'posix')).toBe('runs/demo-1.2');
  expect(quotedForShell('C:\\runs\\demo', 'windows')).toBe('C:\\runs\\demo');
  expect(quotedForShell('C:\\my runs', 'windows')).toBe('"C:\\my runs"');
});
