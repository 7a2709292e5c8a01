import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { StarmindError } from '../../../src/node/starmind-error';
import type { InstallOptions } from '../../../src/node/toolchain/apt';
import { remedyFor } from '../../../src/node/toolchain/remedies';
import { sdkCacheFolder } from '../../../src/node/toolchain/sdk';
import { fakeMachine, fakeSdk, goodPrograms, type FakeMachine } from './fake-machine';

beforeEach(() => vi.resetModules());

/** Calls a freshly loaded module, which remembers no toolchain. */
async function ensure(options?: InstallOptions) {
  const { ensureToolchain } = await import('../../../src/node/toolchain/ensure');
  return ensureToolchain(options);
}

async function failure(options?: InstallOptions): Promise<Omit<StarmindError, 'name'>> {
  const error: unknown = await ensure(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  // Modules are loaded afresh for each test, and with them the class.
  if (!(error instanceof Error) || error.constructor.name !== StarmindError.name) {
    throw new Error('not an error for the user', { cause: error });
  }
  return error as StarmindError;
}

/** Logs its arguments and installs a program when called to. */
function fakeApt({ bin, log }: FakeMachine, brings: string): string {
  const script = `${join(bin, brings)}`;
  return `echo "$@" >> ${log}
case "$1" in
  update) echo fresh >> ${log} ;;
  install)
    # The first try fails as it does without package lists.
    case "$(/bin/cat ${log})" in *fresh*) ;; *) exit 100 ;; esac
    { echo '#!/bin/sh'; echo 'echo 1.11.1'; } > ${script}
    /bin/chmod +x ${script} ;;
esac`;
}

/** Makes this process look like that of a user; 0 is root. */
function actAs(user: number): void {
  // Declared optional since Windows has none; the tests here do not run there.
  vi.spyOn(process as { getuid: () => number }, 'getuid').mockReturnValue(user);
}

const { ninja: _, ...withoutNinja } = goodPrograms;

describe.skipIf(process.platform === 'win32')('making sure of the toolchain', () => {
  test('uses the installed tools, and remembers them', async () => {
    const { bin, home } = fakeMachine(goodPrograms);
    const path = fakeSdk(join(home, 'own'), '2.1.1');
    vi.stubEnv('PICO_SDK_PATH', path);
    const { ensureToolchain } = await import('../../../src/node/toolchain/ensure');
    const toolchain = await ensureToolchain();
    expect(toolchain).toMatchObject({
      ...{ compiler: join(bin, 'arm-none-eabi-gcc'), cmake: join(bin, 'cmake') },
      ...{ ninja: join(bin, 'ninja'), sdk: { path } },
    });
    expect(await ensureToolchain()).toBe(toolchain);
  });

  test('a missing compiler is named with its remedy, exit code 3', async () => {
    const { home } = fakeMachine();
    vi.stubEnv('PICO_SDK_PATH', fakeSdk(join(home, 'own'), '2.1.1'));
    vi.stubEnv('STARMIND_NO_INSTALL', '1');
    const error = await failure();
    expect(error.code).toBe('tool.missing');
    expect(error.exitCode).toBe(3);
    for (const name of ['arm-none-eabi-gcc', 'newlib', 'cmake', 'ninja'] as const) {
      expect(error.message).toContain(name);
      expect(error.remedy).toContain(remedyFor(name));
    }
    expect(error.message).not.toContain('pico-sdk');
    expect(error.remedy).not.toContain('undefined');
  });

  test('STARMIND_NO_INSTALL keeps every installer from running', async () => {
    const machine = fakeMachine(goodPrograms);
    for (const name of ['apt-get', 'sudo', 'git', 'dpkg', 'ninja']) {
      machine.install(name, `echo ${name} >> ${machine.log}; exit 1`);
    }
    vi.stubEnv('STARMIND_NO_INSTALL', '1');
    expect((await failure()).message).toContain('ninja');
    expect(readFileSync(machine.log, 'utf8').replaceAll('ninja\n', '')).toBe('');
    expect(existsSync(machine.cache)).toBe(false);
  });

  test.skipIf(process.platform !== 'linux')(
    'apt installs missing tools, with fresh lists when it needs them, and shows its output',
    async () => {
      const machine = fakeMachine(withoutNinja);
      machine.install('apt-get', fakeApt(machine, 'ninja'));
      vi.stubEnv('PICO_SDK_PATH', fakeSdk(join(machine.home, 'own'), '2.1.1'));
      actAs(0);
      const shown: string[] = [];
      const toolchain = await ensure({ onLine: (line) => shown.push(line) });
      expect(toolchain.ninja).toBe(join(machine.bin, 'ninja'));
      const commands = shown.filter((line) => line.startsWith('$ '));
      expect(commands.map((line) => /apt-get (\S+)/.exec(line)?.[1])).toEqual([
        ...['install', 'update', 'install'],
      ]);
      expect(commands[0]).toMatch(/ ninja-build$/);
    },
  );

  test('sudo is used where it needs no password, and only there', async () => {
    const machine = fakeMachine(withoutNinja);
    machine.install('apt-get', `echo "apt-get $@" >> ${machine.log}; exit 1`);
    machine.install('sudo', `echo "sudo $@" >> ${machine.log}; exit 1`);
    vi.stubEnv('PICO_SDK_PATH', fakeSdk(join(machine.home, 'own'), '2.1.1'));
    actAs(1000);
    expect((await failure()).remedy).toBe(remedyFor('ninja'));
    const asked = readFileSync(machine.log, 'utf8').trim().split('\n').filter(Boolean);
    expect(asked).toEqual(process.platform === 'linux' ? ['sudo -n true'] : []);
  });
});

const systemWide = ['/usr/share/pico-sdk', '/usr/src/pico-sdk'].some(existsSync);

/** A git that clones an SDK, and at the second call its TinyUSB. */
const fakeGit = `
case "$1" in
  clone)
    for folder; do :; done
    /bin/mkdir -p "$folder"
    echo 'set(PICO_SDK_VERSION_MAJOR 2)' > "$folder/pico_sdk_version.cmake" ;;
  -C) /bin/mkdir -p "$2/lib/tinyusb/src/portable/raspberrypi/rp2040" ;;
esac`;

describe.skipIf(process.platform === 'win32' || systemWide)('fetching the pico-sdk', () => {
  test('git fetches it where there is no apt, and leaves nothing else behind', async () => {
    fakeMachine({ ...goodPrograms, git: fakeGit });
    const { sdk } = await ensure();
    expect(sdk.path).toBe(join(sdkCacheFolder(), 'pico-sdk'));
    expect(readdirSync(dirname(sdkCacheFolder()))).toHaveLength(1);
  });

  test('a failed clone leaves nothing', async () => {
    fakeMachine({ ...goodPrograms, git: `${fakeGit}\n[ "$1" = clone ]` });
    const error = await failure();
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain('pico-sdk');
    expect(error.remedy).toContain('PICO_SDK_PATH');
    expect(readdirSync(dirname(sdkCacheFolder()))).toEqual([]);
  });

  test('git replaces an archive that cannot be reached', async () => {
    const machine = fakeMachine({ ...goodPrograms, git: fakeGit });
    machine.install('apt-get', 'exit 100');
    expect((await ensure()).sdk.path).toBe(join(sdkCacheFolder(), 'pico-sdk'));
  });
});
