import { chip, hex32 } from '../chip';
import type { Checked, Problem } from '../problem';

/** Bytes that belong at an address of the chip. */
export interface Segment {
  address: number;
  data: Uint8Array;
}

/** Bytes of a block of the file. */
export const blockBytes = 512;
const headerBytes = 32;
const payloadBytes = chip.flashPageBytes;
/** Flash that a board can have, as the chip sees it. */
const flashWindow = 16 * 1024 * 1024;

const magic = { first: 0x0a324655, second: 0x9e5d5157, last: 0x0ab16f30 } as const;
const flags = { notMainFlash: 0x1, familyPresent: 0x2000 } as const;

/** Places of the header's words; see https://github.com/microsoft/uf2. */
const field = {
  first: 0,
  second: 4,
  flags: 8,
  address: 12,
  size: 16,
  number: 20,
  count: 24,
  family: 28,
  last: 508,
} as const;

/**
 * Writes segments as UF2 for the RP2040. A block is one flash page of 256 bytes; bytes of it
 * outside all segments are 0xff, and sectors without a segment are left out. Later segments win.
 */
export function writeUf2(segments: readonly Segment[]): Uint8Array {
  const touched = collectPages(segments);
  completeSectors(touched);
  const pages = [...touched].sort(([a], [b]) => a - b);
  const file = new Uint8Array(pages.length * blockBytes);
  pages.forEach(([address, page], number) => {
    const block = new DataView(file.buffer, number * blockBytes, blockBytes);
    block.setUint32(field.first, magic.first, true);
    block.setUint32(field.second, magic.second, true);
    block.setUint32(field.flags, flags.familyPresent, true);
    block.setUint32(field.address, address, true);
    block.setUint32(field.size, payloadBytes, true);
    block.setUint32(field.number, number, true);
    block.setUint32(field.count, pages.length, true);
    block.setUint32(field.family, chip.uf2Family, true);
    file.set(page, number * blockBytes + headerBytes);
    block.setUint32(field.last, magic.last, true);
  });
  return file;
}

function collectPages(segments: readonly Segment[]): Map<number, Uint8Array> {
  const pages = new Map<number, Uint8Array>();
  for (const { address, data } of segments) {
    for (let at = 0; at < data.length;) {
      const target = address + at;
      const inPage = target % payloadBytes;
      const page = pages.get(target - inPage) ?? new Uint8Array(payloadBytes).fill(0xff);
      const piece = data.subarray(at, at + payloadBytes - inPage);
      page.set(piece, inPage);
      pages.set(target - inPage, page);
      at += piece.length;
    }
  }
  return pages;
}

/**
 * Adds the missing pages of every sector of flash but the end of the last: the boot ROM may lose pages
 * after a sector that is only partly in the file (erratum RP2040-E14). Returns how many.
 */
function completeSectors(pages: Map<number, Uint8Array>): number {
  const present = [...pages.keys()].filter(isFlash);
  const before = pages.size;
  const last = present.reduce((most, address) => Math.max(most, address), 0);
  for (const sector of new Set(
    present.map((address) => address - (address % chip.flashSectorBytes)),
  )) {
    const end = Math.min(sector + chip.flashSectorBytes, last);
    for (let address = sector; address < end; address += payloadBytes) {
      if (!pages.has(address)) pages.set(address, new Uint8Array(payloadBytes).fill(0xff));
    }
  }
  return pages.size - before;
}

/** State of a transfer, as the boot ROM of the RP2040 keeps it block by block. */
interface Transfer {
  /**
   * Number of blocks for this chip, as they state it; those for other chips have a count of their
   * own.
   */
  count: number;
  taken: Map<number, Segment>;
}

/**
 * Reads the segments of a UF2 file as the RP2040's boot ROM accepts it (datasheet, 2.8.4.2): skips
 * blocks of other families, or not for the main flash; the others may come in any order, and must
 * be complete. Joins adjoining blocks in the order of their addresses. Fills missing pages of a
 * flash sector with erased bytes, except for the end of the last one, and warns about them: the
 * boot ROM itself may lose pages there (erratum RP2040-E14).
 */
export function readUf2(bytes: Uint8Array): Checked<Segment[]> {
  if (bytes.length === 0 || bytes.length % blockBytes !== 0) {
    return failed(
      'size',
      `A UF2 file is a number of 512-byte blocks; this has ${bytes.length} bytes.`,
    );
  }
  let transfer: Transfer | undefined;
  let otherFamily: string | undefined;
  for (let number = 0; number < bytes.length / blockBytes; number++) {
    const block = new DataView(bytes.buffer, bytes.byteOffset + number * blockBytes, blockBytes);
    const decision = decide(block, transfer);
    if (decision.kind === 'refused') {
      return failed(decision.code, `Block ${number}: ${decision.message}`);
    }
    if (decision.kind === 'passed') {
      otherFamily ??= decision.why;
      continue;
    }
    transfer ??= { count: decision.count, taken: new Map() };
    const start = number * blockBytes + headerBytes;
    const data = bytes.subarray(start, start + payloadBytes);
    transfer.taken.set(decision.number, { address: decision.address, data });
  }
  if (!transfer) {
    return failed('family', `Nothing in it is for the RP2040: its first block is ${otherFamily}.`);
  }
  const { count, taken } = transfer;
  if (taken.size < count) {
    return failed(
      'incomplete',
      `It says that it has ${count} blocks for the RP2040 and has ${taken.size}: a board would wait for the rest.`,
    );
  }
  const pages = collectPages([...taken.values()]);
  const holes = isSram([...pages.keys()][0] ?? 0) ? 0 : completeSectors(pages);
  const segments = [...pages]
    .sort(([a], [b]) => a - b)
    .map(([address, data]) => ({ address, data }));
  return { value: joinAdjoining(segments), problems: holes > 0 ? [holesLeft(holes)] : [] };
}

/** Address at which the boot ROM starts a program in SRAM; undefined for one in flash. */
export function sramEntry(segments: readonly Segment[]): number | undefined {
  const lowest = Math.min(...segments.map(({ address }) => address));
  return isSram(lowest) ? lowest : undefined;
}

type Decision =
  | { kind: 'taken'; number: number; count: number; address: number }
  | { kind: 'passed'; why: string }
  | { kind: 'refused'; code: string; message: string };

/** The boot ROM's decision about a block, given the transfer so far. */
function decide(block: DataView, transfer: Transfer | undefined): Decision {
  const word = (name: keyof typeof field): number => block.getUint32(field[name], true);
  const refused = (code: string, message: string): Decision => ({ kind: 'refused', code, message });
  const marks = ['first', 'second', 'last'] as const;
  if (marks.some((mark) => word(mark) !== magic[mark])) {
    return refused('magic', 'the marks of UF2 are missing.');
  }
  const passed = whyPassed(word('flags'), word('family'));
  if (passed !== undefined) return { kind: 'passed', why: passed };
  const [address, number, count] = [word('address'), word('number'), word('count')];
  if (word('size') !== payloadBytes) {
    return refused(
      'payload',
      `says it holds ${word('size')} bytes; the RP2040 takes ${payloadBytes}.`,
    );
  }
  if (address % payloadBytes !== 0 || !(isFlash(address) || isSram(address))) {
    return refused('address', `is for ${hex32(address)}, where the RP2040 takes nothing.`);
  }
  if (number >= count || (transfer && count !== transfer.count)) {
    return refused(
      'order',
      `says it is ${number} of ${count}${transfer ? `; others are of ${transfer.count}` : ''}.`,
    );
  }
  const other = transfer && [...transfer.taken.values()][0];
  if (other && isSram(other.address) !== isSram(address)) {
    return refused(
      'address',
      'is for another memory than those before: flash and SRAM do not mix.',
    );
  }
  return { kind: 'taken', number, count, address };
}

function whyPassed(flagBits: number, family: number): string | undefined {
  if (flagBits & flags.notMainFlash) return 'not for the main flash';
  if (!(flagBits & flags.familyPresent)) return 'for no chip family by name';
  return family === chip.uf2Family ? undefined : `for chip family ${hex32(family)}`;
}

function isFlash(address: number): boolean {
  return address >= chip.flashAddress && address < chip.flashAddress + flashWindow;
}

function isSram(address: number): boolean {
  return address >= chip.sramAddress && address < chip.sramAddress + chip.sramBytes;
}

function holesLeft(holes: number): Problem {
  return {
    code: 'uf2.holes',
    severity: 'warning',
    path: '',
    message: `The file lacks ${holes} pages of the flash sectors that it writes: they are erased with their sectors, and stay empty.`,
    fix: 'Make a file of whole sectors, as picotool does: copied to a drive as it is, this one may lose other pages, too (erratum RP2040-E14).',
  };
}

function joinAdjoining(blocks: readonly Segment[]): Segment[] {
  const runs: Segment[][] = [];
  let end = -1;
  for (const block of blocks) {
    if (block.address === end) runs.at(-1)?.push(block);
    else runs.push([block]);
    end = block.address + block.data.length;
  }
  return runs.map((run) => ({ address: run[0]?.address ?? 0, data: concatenate(run) }));
}

function concatenate(run: readonly Segment[]): Uint8Array {
  const whole = new Uint8Array(run.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of run) {
    whole.set(data, at);
    at += data.length;
  }
  return whole;
}

function failed(kind: string, message: string): Checked<Segment[]> {
  return {
    value: undefined,
    problems: [
      {
        code: `uf2.${kind}`,
        severity: 'error',
        path: '',
        message,
        fix: 'Build the firmware again, or copy the file again: it is damaged or for another chip.',
      },
    ],
  };
}
