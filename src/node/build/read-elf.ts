import { Symbols } from '../../core/export/symbols';
import { readFile } from 'node:fs/promises';
import { readElf, type ElfFile } from '../../core/export/elf';
import { writeUf2 } from '../../core/export/uf2';
import { exitCodes, StarmindError } from '../starmind-error';

/** Reads a linked firmware. @throws StarmindError `elf.invalid` */
export async function loadElf(path: string): Promise<ElfFile> {
  const { value, problems } = readElf(await readFile(path));
  if (value) return value;
  throw new StarmindError(
    'elf.invalid',
    exitCodes.input,
    `${path}: ${problems.map(({ message }) => message).join(' ')}`,
    'Build the firmware again.',
  );
}

/** The UF2 of everything that a firmware puts into flash. */
export function firmwareUf2(elf: ElfFile): Uint8Array {
  return writeUf2(elf.segments);
}

/** Symbols for the addresses of a built program; undefined when its ELF file is missing. */
export async function programSymbols(path: string): Promise<Symbols | undefined> {
  try {
    return new Symbols((await loadElf(path)).symbols);
  } catch {
    return undefined;
  }
}
