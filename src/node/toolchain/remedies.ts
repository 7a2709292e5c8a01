import { hasApt } from './apt';
import { sdkRelease } from './sdk';

/** Tools that a firmware build needs. */
export type ToolName = 'arm-none-eabi-gcc' | 'newlib' | 'cmake' | 'ninja' | 'pico-sdk';

type Platform = 'debian' | 'darwin' | 'win32' | 'other';

const compiler: Record<Platform, string> = {
  debian:
    'apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib',
  darwin: 'brew install --cask gcc-arm-embedded',
  win32: 'winget install Arm.GnuArmEmbeddedToolchain',
  other:
    'Install the GNU Arm embedded toolchain with newlib (arm-none-eabi-gcc), from your package manager or from developer.arm.com, and put its bin folder on the PATH.',
};

const builders: Record<Platform, string> = {
  debian: 'apt-get install cmake ninja-build',
  darwin: 'brew install cmake ninja',
  win32: 'winget install Kitware.CMake Ninja-build.Ninja',
  other: 'Install CMake 3.13 or newer and Ninja from your package manager.',
};

/** On other platforms it comes with the compiler. */
const gdb: Partial<Record<Platform, string>> = { debian: 'apt-get install gdb-multiarch' };

const sdk = `Set PICO_SDK_PATH to a pico-sdk 2.x with its TinyUSB submodule: git clone --branch ${sdkRelease} --depth 1 https://github.com/raspberrypi/pico-sdk && git -C pico-sdk submodule update --init lib/tinyusb`;

/** How the user installs a missing tool on this platform. */
export function remedyFor(name: ToolName | 'gdb', platform: Platform = currentPlatform()): string {
  switch (name) {
    case 'arm-none-eabi-gcc':
    case 'newlib':
      return compiler[platform];
    case 'cmake':
    case 'ninja':
      return builders[platform];
    case 'pico-sdk':
      return sdk;
    case 'gdb':
      return gdb[platform] ?? compiler[platform];
  }
}

function currentPlatform(): Platform {
  if (process.platform === 'darwin' || process.platform === 'win32') return process.platform;
  return hasApt() ? 'debian' : 'other';
}
