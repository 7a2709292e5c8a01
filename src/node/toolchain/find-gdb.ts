import { findPrograms, officialExtensionFolders } from './find';

/** Names that distributions give a GDB for ARM. */
export const gdbNames = ['arm-none-eabi-gdb', 'gdb-multiarch'] as const;

export function findGdb(): string | undefined {
  const folders = officialExtensionFolders();
  return gdbNames.flatMap((name) => findPrograms(name, folders))[0];
}
