import type { Checked } from '../problem';
import type { Segment } from './uf2';

export interface ElfSection {
  name: string;
  /** SHT_* of the ELF specification; `elfSectionType` names those that matter here. */
  type: number;
  /** SHF_* bits. */
  flags: number;
  address: number;
  size: number;
}

export interface ElfSymbol {
  name: string;
  address: number;
  size: number;
  /** Name of the section it lies in; absent for absolute and undefined symbols. */
  section: string | undefined;
}

export interface ElfFile {
  entry: number;
  /** Loadable contents at their physical addresses: the contents of the flash. */
  segments: Segment[];
  sections: ElfSection[];
  symbols: ElfSymbol[];
}

export const elfSectionType = { symbols: 2, noBits: 8 } as const;
export const elfSectionFlag = { write: 1, allocated: 2, executable: 4 } as const;

const machineArm = 40;
const loadable = 1;
/** Section numbers from here on are not places in the section table. */
const firstReservedSection = 0xff00;
const headerBytes = 52;
const programHeaderBytes = 32;
const sectionHeaderBytes = 40;
const symbolBytes = 16;

/** Reads a 32-bit little-endian ARM ELF file. Returns a problem for foreign and truncated files. */
export function readElf(bytes: Uint8Array): Checked<ElfFile> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const foreign = foreignness(view);
  if (foreign) return failed('foreign', foreign);
  try {
    return { value: parse(bytes, view), problems: [] };
  } catch (error) {
    // DataView checks every bound; a place outside the file is a damaged file.
    if (!(error instanceof RangeError)) throw error;
    return failed('truncated', 'The ELF file is cut off: it refers to places beyond its end.');
  }
}

function foreignness(view: DataView): string | undefined {
  if (view.byteLength < headerBytes || view.getUint32(0) !== 0x7f454c46) {
    return 'This is not an ELF file.';
  }
  const is32BitLittleEndian = view.getUint8(4) === 1 && view.getUint8(5) === 1;
  if (is32BitLittleEndian && view.getUint16(18, true) === machineArm) return undefined;
  return 'This ELF file is not for a 32-bit little-endian ARM.';
}

function parse(bytes: Uint8Array, view: DataView): ElfFile {
  const headers = readTable(view, 32, 46, 48, sectionHeaderBytes).map((at) =>
    readSectionHeader(view, at),
  );
  const names = headers[view.getUint16(50, true)];
  const sections = headers.map((header) => ({
    name: names ? readName(view, names.offset + header.nameOffset) : '',
    type: header.type,
    flags: header.flags,
    address: header.address,
    size: header.size,
  }));
  const symbolTable = headers.find(({ type }) => type === elfSectionType.symbols);
  const symbolNames = symbolTable && headers[symbolTable.link];
  return {
    entry: view.getUint32(24, true),
    segments: readSegments(bytes, view),
    sections,
    symbols:
      symbolTable && symbolNames
        ? readSymbols(view, symbolTable, symbolNames.offset, sections)
        : [],
  };
}

/** Offsets of a table's entries; the header keeps its offset, entry size and count. */
function readTable(
  view: DataView,
  offsetAt: number,
  entryBytesAt: number,
  countAt: number,
  leastBytes: number,
): number[] {
  const offset = view.getUint32(offsetAt, true);
  const count = view.getUint16(countAt, true);
  const entryBytes = view.getUint16(entryBytesAt, true);
  if (count > 0 && entryBytes < leastBytes) throw new RangeError('Table entries are too small');
  return Array.from({ length: count }, (_, index) => offset + index * entryBytes);
}

function readSegments(bytes: Uint8Array, view: DataView): Segment[] {
  return readTable(view, 28, 42, 44, programHeaderBytes)
    .map((at) => ({
      type: view.getUint32(at, true),
      offset: view.getUint32(at + 4, true),
      address: view.getUint32(at + 12, true),
      size: view.getUint32(at + 16, true),
    }))
    .filter(({ type, size }) => type === loadable && size > 0)
    .map(({ offset, address, size }) => {
      if (offset + size > bytes.length) throw new RangeError('Segment beyond the end');
      return { address, data: bytes.subarray(offset, offset + size) };
    });
}

interface SectionHeader {
  nameOffset: number;
  type: number;
  flags: number;
  address: number;
  offset: number;
  size: number;
  link: number;
}

function readSectionHeader(view: DataView, at: number): SectionHeader {
  return {
    nameOffset: view.getUint32(at, true),
    type: view.getUint32(at + 4, true),
    flags: view.getUint32(at + 8, true),
    address: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
    size: view.getUint32(at + 20, true),
    link: view.getUint32(at + 24, true),
  };
}

function readSymbols(
  view: DataView,
  table: SectionHeader,
  namesOffset: number,
  sections: readonly ElfSection[],
): ElfSymbol[] {
  const symbols: ElfSymbol[] = [];
  // The first symbol is a placeholder by definition.
  for (let at = symbolBytes; at + symbolBytes <= table.size; at += symbolBytes) {
    const entry = table.offset + at;
    const section = view.getUint16(entry + 14, true);
    symbols.push({
      name: readName(view, namesOffset + view.getUint32(entry, true)),
      address: view.getUint32(entry + 4, true),
      size: view.getUint32(entry + 8, true),
      section: section > 0 && section < firstReservedSection ? sections[section]?.name : undefined,
    });
  }
  return symbols;
}

/** A name is ASCII ended by a zero byte. */
function readName(view: DataView, at: number): string {
  let name = '';
  for (let code = view.getUint8(at); code !== 0; code = view.getUint8(++at)) {
    name += String.fromCharCode(code);
  }
  return name;
}

function failed(kind: string, message: string): Checked<ElfFile> {
  return {
    value: undefined,
    problems: [
      {
        code: `elf.${kind}`,
        severity: 'error',
        path: '',
        message,
        fix: 'Build the firmware again with the ARM toolchain.',
      },
    ],
  };
}
