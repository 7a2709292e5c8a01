import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findFlashTool } from '../../../src/node/toolchain/find-flash-tool';

/** A home in which the official Pico extension has installed a tool. */
function homeWith(name: string, versions: readonly string[], scripts = false): string {
  const home = mkdtempSync(join(tmpdir(), 'starmind-tools-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  for (const version of versions) {
    const folder = join(home, '.pico-sdk', name, version);
    mkdirSync(scripts ? join(folder, 'scripts') : folder, { recursive: true });
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  }
  return home;
}

describe.skipIf(process.platform === 'win32')('tools of the official Pico extension', () => {
  beforeEach(() => {
    vi.stubEnv('PATH', '');
    return () => vi.unstubAllEnvs();
  });

  test('are the newest, by number', () => {
    const home = homeWith('picotool', ['2.0.0', '2.10.0', '2.9.1']);
    expect(findFlashTool('picotool', home)?.path).toContain('2.10.0');
  });

  test('have scripts beside them, or not', () => {
    const home = homeWith('openocd', ['0.11.0', '0.12.0+dev'], true);
    const folder = join(home, '.pico-sdk/openocd/0.12.0+dev');
    expect(findFlashTool('openocd', home)).toMatchObject({
      ...{ path: join(folder, 'openocd'), scripts: join(folder, 'scripts') },
    });
    expect(findFlashTool('openocd', homeWith('openocd', ['1']))).not.toHaveProperty('scripts');
  });

  test('may be absent', () => {
    expect(findFlashTool('picotool', homeWith('openocd', ['1']))).toBeUndefined();
  });
});
