import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { readUf2 } from '../../../src/core/export/uf2';
import type { BuildOptions } from '../../../src/node/build/build-firmware';
import { programHash } from '../../../src/node/build/program-hash';
import type { FirmwareInput } from '../../../src/node/build/model-folder';
import type { StarmindError } from '../../../src/node/starmind-error';
import { elfFile } from '../export/elf-file';
import { fakeMachine, fakeSdk, goodPrograms, type FakeMachine } from '../toolchain/fake-machine';

beforeEach(() => vi.resetModules());

const program = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);

const input: FirmwareInput = {
  image: Uint8Array.from([1, 2, 3, 4]),
  buffers: { arenaBytes: 4096, weightsBytes: 1024 },
  clockMhz: 133,
  cores: 2,
};

/** Notes its arguments and makes the folder that -B names. */
const fakeCmake = (log: string) => `
[ "$1" = --version ] && { echo "cmake version 3.25.1"; exit; }
echo "$@" >> ${log}
while [ "$1" != -B ]; do shift; done
/bin/mkdir -p "$2/CMakeFiles" && echo cache > "$2/CMakeCache.txt"`;

/** "Links" the ELF given into the folder that -C names. */
const fakeNinja = (elf: string) => `
[ "$1" = --version ] && { echo 1.11.1; exit; }
/bin/cp ${elf} "$2/starmind.elf" && echo bin > "$2/starmind.bin"`;

interface Workshop extends FakeMachine {
  options: BuildOptions;
  /** CMake's build folder; it exists after the first build. */
  cmakeFolder(): string;
}

function workshop(programs: Record<string, string> = {}): Workshop {
  const machine = fakeMachine(goodPrograms);
  const elf = join(machine.home, 'linked.elf');
  const segment = { type: 1, virtual: 0x10000000, physical: 0x10000000, data: program };
  writeFileSync(elf, elfFile([segment], []));
  const all = { cmake: fakeCmake(machine.log), ninja: fakeNinja(elf), ...programs };
  for (const [name, script] of Object.entries(all)) machine.install(name, script);
  vi.stubEnv('PICO_SDK_PATH', fakeSdk(join(machine.home, 'pico-sdk'), '2.1.1'));
  const outFolder = join(machine.home, 'build');
  return {
    ...machine,
    options: { board: 'pico_w', outFolder },
    cmakeFolder() {
      const [name = 'none', ...others] = readdirSync(join(machine.cache, 'build'));
      expect(others).toEqual([]);
      return join(machine.cache, 'build', name);
    },
  };
}

async function build(options: BuildOptions, changed: Partial<FirmwareInput> = {}) {
  const { buildFirmware } = await import('../../../src/node/build/build-firmware');
  return buildFirmware({ ...input, ...changed }, options);
}

async function failure(options: BuildOptions): Promise<StarmindError> {
  const error: unknown = await build(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toHaveProperty('remedy');
  return error as StarmindError;
}

describe.skipIf(process.platform === 'win32')('building firmware', () => {
  test('makes ELF, BIN and a UF2 of what the ELF loads', async () => {
    const { options } = workshop();
    const files = await build(options);
    for (const file of [files.elf, files.bin, files.uf2]) expect(existsSync(file)).toBe(true);
    const { value } = readUf2(readFileSync(files.uf2));
    expect(value?.[0]?.address).toBe(0x10000000);
    expect(value?.[0]?.data.subarray(0, 300)).toEqual(program);
  });

  test('hands CMake the SDK, the board and the model', async () => {
    const { options, cmakeFolder, home, log } = workshop();
    await build(options);
    const asked = readFileSync(log, 'utf8');
    expect(asked).toContain(`-DPICO_SDK_PATH=${join(home, 'pico-sdk')} `);
    expect(asked).toContain('-DPICO_BOARD=pico_w ');
    expect(asked).toContain(`-DSTARMIND_MODEL_DIR=${join(cmakeFolder(), 'model')} `);
    expect(readFileSync(join(cmakeFolder(), 'model', 'model.img'))).toEqual(
      Buffer.from(input.image),
    );
    const header = readFileSync(join(cmakeFolder(), 'model', 'model_config.h'), 'utf8');
    const defines = Object.fromEntries(
      Array.from(header.matchAll(/#define (\w+) (\S+)/g), ([, name, value]) => [name, value]),
    );
    expect(defines).toEqual({
      STARMIND_WEIGHTS_BYTES: '1024',
      STARMIND_ARENA_BYTES: '4096',
      STARMIND_CLOCK_KHZ: '133000',
      STARMIND_CORES: '2',
      STARMIND_PROGRAM: `"${await programHash()}"`,
    });
  });

  test('rewrites only files that changed, so that Ninja has little to do', async () => {
    const { options, cmakeFolder } = workshop();
    await build(options);
    const header = join(cmakeFolder(), 'model', 'model_config.h');
    const image = join(cmakeFolder(), 'model', 'model.img');
    const before = [header, image].map((file) => statSync(file).ino);
    await build(options, { image: Uint8Array.from([4, 3, 2, 1]) });
    expect(statSync(header).ino).toBe(before[0]);
    expect(readFileSync(image)).toEqual(Buffer.from([4, 3, 2, 1]));
  });

  test('configures once, and again when the configuration is lost', async () => {
    const { options, cmakeFolder, log } = workshop();
    const configured = () => readFileSync(log, 'utf8').split('-DPICO_BOARD=').length - 1;
    await build(options);
    expect(configured()).toBe(1);
    // The real CMake leaves this file.
    writeFileSync(join(cmakeFolder(), 'build.ninja'), '');
    await build(options, { image: Uint8Array.from([4, 3, 2, 1]) });
    expect(configured()).toBe(1);
    rmSync(join(cmakeFolder(), 'build.ninja'));
    await build(options);
    expect(configured()).toBe(2);
  });

  test.each([
    'copy (2)',
    "Anna's models",
    'a&b',
    'a#b',
    'a,b',
    'a;b',
    'a\tb',
    'a"b',
    '$HOME',
    'a b',
  ])('no command holds the path of a run in the folder %j', async (name) => {
    const { options, home, log } = workshop();
    const outFolder = join(home, name, 'build');
    const { uf2 } = await build({ ...options, outFolder });
    expect(uf2).toBe(join(outFolder, 'starmind.uf2'));
    expect(existsSync(uf2)).toBe(true);
    expect(readFileSync(log, 'utf8')).not.toContain(name);
  });

  test.each(["Anna's sdk", 'sdk (2)', 'a&b', 'a;b', 'a$b', 'a`b', 'a\tb', 'a"b', 'a%b'])(
    'an SDK in the folder %j is refused by name before CMake is asked',
    async (name) => {
      const { options, home, log } = workshop();
      const path = fakeSdk(join(home, name), '2.1.1');
      vi.stubEnv('PICO_SDK_PATH', path);
      const error = await failure(options);
      expect(error.code).toBe('build.path');
      expect(error.message).toContain(JSON.stringify(path));
      expect(readFileSync(log, 'utf8')).toBe('');
    },
  );

  test('a cache with a name that cannot be built in is passed over', async () => {
    const { options, home, log } = workshop();
    vi.stubEnv('STARMIND_CACHE', join(home, "Anna's cache"));
    mkdirSync(join(home, 'tmp'));
    vi.stubEnv('TMPDIR', join(home, 'tmp'));
    expect(existsSync((await build(options)).uf2)).toBe(true);
    expect(readFileSync(log, 'utf8')).toContain(join(home, 'tmp', 'starmind-pico-build-'));
  });

  test('a second build of the same board waits for the first', async () => {
    const { options, log, home, install } = workshop();
    const ninja = fakeNinja(join(home, 'linked.elf'));
    const slowly = `echo begin >> ${log}; /bin/sleep 0.3; echo end >> ${log}; /bin/cp`;
    install('ninja', ninja.replace('/bin/cp', slowly));
    const lines: string[] = [];
    const onLine = (line: string) => void lines.push(line);
    const other = { ...options, outFolder: join(home, 'other') };
    const both = [options, other].map((each) => build({ ...each, onLine }));
    const [one, two] = await Promise.all(both);
    expect([one, two].map((files) => existsSync(files?.uf2 ?? ''))).toEqual([true, true]);
    const order = readFileSync(log, 'utf8').match(/^(begin|end)$/gm);
    expect(order).toEqual(['begin', 'end', 'begin', 'end']);
    expect(lines.join()).toContain(`Waiting for another build: process ${process.pid}`);
  });

  test('a compiler error is reported with its last lines, and leaves no firmware', async () => {
    const { options } = workshop({
      ninja: '[ "$1" = --version ] && { echo 1.11.1; exit; }; echo "main.c:7: oh no"; exit 1',
    });
    const error = await failure(options);
    expect(error.code).toBe('build.failed');
    expect(error.message).toMatch(/^Compiling the firmware failed:\n[^]*main\.c:7: oh no$/);
    expect(existsSync(join(options.outFolder, 'starmind.uf2'))).toBe(false);
  });

  test('a stale CMake cache is thrown away once', async () => {
    const machine = workshop();
    await build(machine.options);
    const refuses = `[ -f ${join(machine.cmakeFolder(), 'CMakeCache.txt')} ] && exit 1`;
    const cmake = fakeCmake(machine.log).replace('echo "$@"', `${refuses}\necho "$@"`);
    machine.install('cmake', cmake);
    expect(existsSync((await build(machine.options)).uf2)).toBe(true);
    machine.install('cmake', cmake.replace(refuses, 'echo "no SDK"; exit 1'));
    expect((await failure(machine.options)).message).toMatch(
      /^Configuring the firmware failed:\n[^]*no SDK$/,
    );
  });

  test('stops on request', async () => {
    const abort = new AbortController();
    const { options } = workshop({
      ninja:
        '[ "$1" = --version ] && { echo 1.11.1; exit; }; echo "[1/9] Compiling"; exec /bin/sleep 60',
    });
    const onLine = (line: string) => {
      if (line === 'Compiling the firmware: 1 of 9') abort.abort();
    };
    const error = await failure({ ...options, signal: abort.signal, onLine });
    expect([error.code, error.exitCode]).toEqual(['interrupted', 130]);
  });

  test('without a compiler nothing is written and the exit code is 3', async () => {
    const { options } = workshop({ 'arm-none-eabi-gcc': 'exit 127' });
    vi.stubEnv('STARMIND_NO_INSTALL', '1');
    const error = await failure(options);
    expect([error.code, error.exitCode]).toEqual(['tool.missing', 3]);
    expect(error.message).toContain('arm-none-eabi-gcc');
    expect(existsSync(options.outFolder)).toBe(false);
  });
});
