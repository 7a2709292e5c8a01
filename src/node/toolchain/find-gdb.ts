import { findPrograms, officialExtensionFolders } from './find';

/** A GDB that knows ARM, by the names that distributions give it. */
export const gdbNames = ['arm-none-eabi-gdb', 'gdb-multiarch'] as const;

export function findGdb(): string | undefined {
  const folders = officialExtensionFolders();
  return gdbNames.flatMap((name) => findPrograms(name, folders))[0];
}
