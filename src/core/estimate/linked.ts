import type { ElfFile, ElfSection } from '../export/elf';
import { elfSectionFlag, elfSectionType } from '../export/elf';
import { chip } from '../chip';
import type { FlashParts, SramParts } from './estimate';

/** Sizes of a linked firmware, in the parts of the estimate. */
export interface LinkedSizes {
  sram: Omit<SramParts, 'kv_cache' | 'activations'> & { arena: number };
  flash: FlashParts;
}

const sramStart = chip.sramAddress;
const flashStart = chip.flashAddress;

/** The buffers of firmware/app/model_store.c. */
const weightsSymbol = 'starmind_weights';
const arenaSymbol = 'starmind_arena';
/** Defined in firmware/app/second_stack.c, in a stack section. */
const secondStackSymbol = 'starmind_second_stack';

const inSram = ({ address }: ElfSection) =>
  address >= sramStart && address < sramStart + chip.sramBytes;
const inFlash = ({ address }: ElfSection) =>
  address >= flashStart && address < flashStart + chip.mostFlashBytes;

/** The SDK reserves its stacks in sections that are not allocated, but keep their place. */
const isStack = ({ name }: ElfSection) => name.startsWith('.stack');

/**
 * Adds up a linked firmware. SRAM holds the stack, variables (no bits in the file), and code with
 * initialised data, whose bits lie in flash too and are copied at start.
 */
export function linkedSizes(elf: ElfFile): LinkedSizes {
  const allocated = elf.sections.filter(({ flags }) => flags & elfSectionFlag.allocated);
  const sum = (sections: readonly ElfSection[]) =>
    sections.reduce((bytes, { size }) => bytes + size, 0);
  const sizeOf = (symbol: string) => elf.symbols.find(({ name }) => name === symbol)?.size ?? 0;

  const second_stack = sizeOf(secondStackSymbol);
  const reserved = chip.scratchBankBytes - second_stack;
  const stack = sum(elf.sections.filter(isStack)) - second_stack;
  const sram = allocated.filter((section) => inSram(section) && !isStack(section));
  const variables = sum(sram.filter(({ type }) => type === elfSectionType.noBits));
  const code = sum(sram) - variables;
  const weights = sizeOf(weightsSymbol);
  const arena = sizeOf(arenaSymbol);

  const flash = allocated.filter(inFlash);
  const model = sum(flash.filter(({ name }) => name === '.starmind_model'));
  const program = sum(flash) - model + code;
  return {
    sram: {
      weights,
      arena,
      code,
      program: variables - weights - arena,
      stack,
      second_stack,
      reserved,
    },
    flash: { program, reserved: chip.modelFlashOffset - program, model },
  };
}
