import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { findSdk, sdkCacheFolder, sdkRelease } from '../../../src/node/toolchain/sdk';
import { fakeMachine, fakeSdk } from './fake-machine';

/** Where a system package would put one: those places come before our cache. */
const systemWide = ['/usr/share/pico-sdk', '/usr/src/pico-sdk'].some(existsSync);

describe('the pico-sdk is', () => {
  test('that of PICO_SDK_PATH before all others', () => {
    const { home } = fakeMachine();
    fakeSdk(join(home, '.pico-sdk', 'sdk', '2.2.0'), '2.2.0');
    const own = fakeSdk(join(home, 'own'), '2.0.0');
    vi.stubEnv('PICO_SDK_PATH', own);
    expect(findSdk()).toEqual({ path: own, version: '2.0.0', tinyusb: undefined });
  });

  test('the latest of the official extension', () => {
    const { home } = fakeMachine();
    const versions = ['2.9.0', '2.10.0', '2.1.1'];
    const paths = versions.map((version) =>
      fakeSdk(join(home, '.pico-sdk', 'sdk', version), version),
    );
    expect(findSdk()).toMatchObject({ version: '2.10.0', path: paths[1] });
  });

  test.skipIf(systemWide)('the one in the cache, as git or as Debian lays it out', () => {
    fakeMachine();
    expect(findSdk()).toBeUndefined();
    const cloned = fakeSdk(join(sdkCacheFolder(), 'pico-sdk'), sdkRelease);
    expect(findSdk()?.path).toBe(cloned);
    const unpacked = fakeSdk(join(sdkCacheFolder(), 'usr', 'src', 'pico-sdk'), sdkRelease);
    expect(findSdk()?.path).toBe(unpacked);
  });

  test('one whose TinyUSB lies beside it', () => {
    const { home } = fakeMachine();
    const path = fakeSdk(join(home, 'src', 'pico-sdk'), '2.1.1', 'beside');
    vi.stubEnv('PICO_SDK_PATH', path);
    expect(findSdk()).toMatchObject({ path, tinyusb: join(path, '..', 'tinyusb') });
  });

  test.each([
    ['version 1', '1.5.1', 'inside'],
    ['no TinyUSB', '2.1.1', 'nowhere'],
  ] as const)('never one with %s', (_, version, tinyusb) => {
    const { home } = fakeMachine();
    vi.stubEnv('PICO_SDK_PATH', fakeSdk(join(home, 'own'), version, tinyusb));
    const good = fakeSdk(join(home, '.pico-sdk', 'sdk', '2.1.1'), '2.1.1');
    expect(findSdk()?.path).toBe(good);
  });
});
