import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { ToolName } from '../../../src/node/toolchain/remedies';
import { findTools, type Tool } from '../../../src/node/toolchain/tools';
import { isAtLeast } from '../../../src/node/toolchain/find';
import { fakeMachine, fakeSdk, goodPrograms } from './fake-machine';

async function tool(name: ToolName): Promise<Tool> {
  const found = (await findTools()).find((candidate) => candidate.name === name);
  if (!found) throw new Error(`doctor says nothing of ${name}`);
  return found;
}

const failing = 'echo "no such version" >&2; exit 127';

describe.skipIf(process.platform === 'win32')('doctor reports', () => {
  test('every tool with its version and place', async () => {
    const { bin, home } = fakeMachine(goodPrograms);
    const sdk = fakeSdk(join(home, 'pico-sdk'), '2.1.1');
    vi.stubEnv('PICO_SDK_PATH', sdk);
    expect(await findTools()).toEqual([
      {
        ...{ name: 'arm-none-eabi-gcc', found: true, version: '12.2.1' },
        where: join(bin, 'arm-none-eabi-gcc'),
      },
      { name: 'newlib', found: true, where: join(bin, 'arm-none-eabi-gcc') },
      { name: 'cmake', found: true, version: '3.25.1', where: join(bin, 'cmake') },
      { name: 'ninja', found: true, version: '1.11.1', where: join(bin, 'ninja') },
      { name: 'pico-sdk', found: true, version: '2.1.1', where: sdk },
    ]);
  });

  test('a remedy for each tool of a bare machine', async () => {
    fakeMachine();
    const tools = (await findTools()).filter(({ name }) => name !== 'pico-sdk');
    expect(tools.map(({ found }) => found)).toEqual([false, false, false, false]);
    for (const { remedy, where, version } of tools) {
      expect(remedy).toBeTruthy();
      expect([where, version]).toEqual([undefined, undefined]);
    }
  });

  test('a compiler without a C library is not enough', async () => {
    fakeMachine({
      ...goodPrograms,
      'arm-none-eabi-gcc': `case "$1" in --version) echo 12.2.1 ;; *) ${failing} ;; esac`,
    });
    expect(await tool('arm-none-eabi-gcc')).toMatchObject({ found: true });
    expect(await tool('newlib')).toMatchObject({ found: false });
    expect((await tool('newlib')).remedy).toBeTruthy();
  });

  test('a shim that leads nowhere is skipped', async () => {
    const machine = fakeMachine({ cmake: failing });
    const later = join(machine.home, 'later');
    const real = machine.install('cmake', 'echo "cmake version 3.30.0"', later);
    expect(await tool('cmake')).toMatchObject({ found: false });
    vi.stubEnv('PATH', `${machine.bin}:${later}`);
    expect(await tool('cmake')).toEqual({
      ...{ name: 'cmake', found: true },
      ...{ version: '3.30.0', where: real },
    });
  });

  test('a folder of the name is no program', async () => {
    const { bin } = fakeMachine();
    mkdirSync(join(bin, 'ninja'));
    expect(await tool('ninja')).toMatchObject({ found: false });
  });

  test('a CMake that is too old counts as missing', async () => {
    fakeMachine({ cmake: 'echo "cmake version 3.9.6"' });
    expect(await tool('cmake')).toMatchObject({ found: false });
  });

  test('the tools of the official extension are found in its folders', async () => {
    const machine = fakeMachine();
    const folder = join(machine.home, '.pico-sdk', 'ninja', 'v1.12.1');
    const where = machine.install('ninja', 'echo 1.12.1', folder);
    expect(await tool('ninja')).toMatchObject({ found: true, where, version: '1.12.1' });
  });
});

test('versions compare number by number', () => {
  expect(isAtLeast('3.13', '3.13')).toBe(true);
  expect(isAtLeast('3.25.1', '3.13')).toBe(true);
  expect(isAtLeast('3.9.6', '3.13')).toBe(false);
  expect(isAtLeast('10.0', '9.9')).toBe(true);
});
