import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../cache';
import { isAtLeast } from './find';

/** The release to fetch when none is found. */
export const sdkRelease = '2.1.1';

export interface PicoSdk {
  path: string;
  /** Path of TinyUSB, where it lies beside the SDK rather than in it. */
  tinyusb: string | undefined;
  version: string;
}

/** Folder for a fetched SDK. */
export function sdkCacheFolder(): string {
  return cacheFolder('pico-sdk', sdkRelease);
}

function candidates(): string[] {
  const official = join(homedir(), '.pico-sdk', 'sdk');
  const officialVersions = existsSync(official)
    ? readdirSync(official)
        .sort((a, b) => (isAtLeast(a, b) ? -1 : 1))
        .map((version) => join(official, version))
    : [];
  return [
    process.env.PICO_SDK_PATH ?? '',
    ...officialVersions,
    '/usr/share/pico-sdk',
    '/usr/src/pico-sdk',
    join(sdkCacheFolder(), 'usr', 'src', 'pico-sdk'),
    join(sdkCacheFolder(), 'pico-sdk'),
  ].filter(Boolean);
}

/** Reads `set(PICO_SDK_VERSION_MAJOR 2)` and the like, as 2.1.1. */
function readVersion(path: string): string | undefined {
  const file = join(path, 'pico_sdk_version.cmake');
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const parts = ['MAJOR', 'MINOR', 'REVISION'].map(
    (part) => new RegExp(`PICO_SDK_VERSION_${part}\\s+(\\d+)`).exec(text)?.[1] ?? '0',
  );
  return parts.join('.');
}

const tinyusbMarker = join('src', 'portable', 'raspberrypi', 'rp2040');

/** The first SDK of version 2 that has TinyUSB, inside it or beside it. */
export function findSdk(): PicoSdk | undefined {
  for (const path of candidates()) {
    const version = readVersion(path);
    if (!version?.startsWith('2.')) continue;
    if (existsSync(join(path, 'lib', 'tinyusb', tinyusbMarker))) {
      return { path, version, tinyusb: undefined };
    }
    const beside = join(path, '..', 'tinyusb');
    if (existsSync(join(beside, tinyusbMarker))) return { path, version, tinyusb: beside };
  }
  return undefined;
}
