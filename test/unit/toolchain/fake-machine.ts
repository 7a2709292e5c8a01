import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, vi } from 'vitest';

/** A machine on which only the given programs are installed. */
export interface FakeMachine {
  /** Its PATH. */
  bin: string;
  home: string;
  cache: string;
  /** A file in which the programs may log their arguments. */
  log: string;
  install(name: string, script: string, folder?: string): string;
}

let root: string | undefined;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  if (root) rmSync(root, { recursive: true, force: true });
  root = undefined;
});

/** Shell scripts of a compiler, CMake and Ninja that are all one could wish for. */
export const goodPrograms: Record<string, string> = {
  'arm-none-eabi-gcc': 'echo "arm-none-eabi-gcc (fake) 12.2.1"',
  cmake: 'echo "cmake version 3.25.1"',
  ninja: 'echo 1.11.1',
};

/**
 * Makes the machine and points the environment at it, until the test ends. Programs are bodies of
 * /bin/sh scripts; their PATH is that of the machine, so they name other programs in full.
 */
export function fakeMachine(programs: Record<string, string> = {}): FakeMachine {
  root = mkdtempSync(join(tmpdir(), 'starmind-machine-'));
  const bin = join(root, 'bin');
  const machine: FakeMachine = {
    bin,
    home: join(root, 'home'),
    cache: join(root, 'cache'),
    log: join(root, 'log'),
    install(name, script, folder = bin) {
      const file = join(folder, name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
      return file;
    },
  };
  mkdirSync(bin);
  mkdirSync(machine.home);
  symlinkSync('/usr/bin/env', join(bin, 'env'));
  writeFileSync(machine.log, '');
  for (const [name, script] of Object.entries(programs)) machine.install(name, script);
  vi.stubEnv('PATH', bin);
  vi.stubEnv('HOME', machine.home);
  vi.stubEnv('STARMIND_CACHE', machine.cache);
  vi.stubEnv('PICO_SDK_PATH', '');
  vi.stubEnv('STARMIND_NO_INSTALL', '');
  return machine;
}

function touch(file: string, content = ''): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/**
 * Writes the files that identify a pico-sdk of the given version; TinyUSB inside, beside it or
 * nowhere.
 */
export function fakeSdk(
  path: string,
  version: string,
  tinyusb: 'inside' | 'beside' | 'nowhere' = 'inside',
): string {
  const [major, minor, revision] = version.split('.');
  touch(
    join(path, 'pico_sdk_version.cmake'),
    `set(PICO_SDK_VERSION_MAJOR ${major})\nset(PICO_SDK_VERSION_MINOR ${minor})\nset(PICO_SDK_VERSION_REVISION ${revision})\n`,
  );
  const driver = join('src', 'portable', 'raspberrypi', 'rp2040', 'dcd_rp2040.c');
  if (tinyusb === 'inside') touch(join(path, 'lib', 'tinyusb', driver));
  if (tinyusb === 'beside') touch(join(path, '..', 'tinyusb', driver));
  return path;
}
