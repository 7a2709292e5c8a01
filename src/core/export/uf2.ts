import { chip } from '../chip';
import type { Checked } from '../problem';

/** Bytes that belong at an address of the chip. */
export interface Segment {
  address: number;
  data: Uint8Array;
}

/** Bytes of a block of the file. */
export const blockBytes = 512;
const headerBytes = 32;
const payloadBytes = chip.flashPageBytes;
/** Most bytes that a block has room for, whoever wrote it. */
const payloadLimit = 476;

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
 * Writes segments as UF2 for the RP2040. A block is one flash page of 256 bytes; what no segment
 * covers of it is 0xff, and sectors that none touches are left out. Later segments win.
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
 * Adds the missing pages of every sector but the last: the boot ROM may lose pages after a sector
 * that is only partly in the file (erratum RP2040-E14).
 */
function completeSectors(pages: Map<number, Uint8Array>): void {
  const present = [...pages.keys()];
  const last = present.reduce((most, address) => Math.max(most, address), 0);
  for (const sector of new Set(
    present.map((address) => address - (address % chip.flashSectorBytes)),
  )) {
    const end = Math.min(sector + chip.flashSectorBytes, last);
    for (let address = sector; address < end; address += payloadBytes) {
      if (!pages.has(address)) pages.set(address, new Uint8Array(payloadBytes).fill(0xff));
    }
  }
}

/**
 * Reads the segments of a UF2 file for the RP2040, in its order, adjoining blocks joined. Blocks
 * that are not for the main flash are passed over, as the boot ROM does.
 */
export function readUf2(bytes: Uint8Array): Checked<Segment[]> {
  if (bytes.length === 0 || bytes.length % blockBytes !== 0) {
    return failed(
      'size',
      `A UF2 file is a number of 512-byte blocks; this has ${bytes.length} bytes.`,
    );
  }
  const count = bytes.length / blockBytes;
  const blocks: Segment[] = [];
  for (let number = 0; number < count; number++) {
    const block = new DataView(bytes.buffer, bytes.byteOffset + number * blockBytes, blockBytes);
    const fault = blockFault(block, number, count);
    if (fault) return failed(fault.kind, `Block ${number}: ${fault.message}`);
    if (block.getUint32(field.flags, true) & flags.notMainFlash) continue;
    const start = number * blockBytes + headerBytes;
    blocks.push({
      address: block.getUint32(field.address, true),
      data: bytes.subarray(start, start + block.getUint32(field.size, true)),
    });
  }
  return { value: joinAdjoining(blocks), problems: [] };
}

function blockFault(
  block: DataView,
  number: number,
  count: number,
): { kind: string; message: string } | undefined {
  const word = (name: keyof typeof field): number => block.getUint32(field[name], true);
  const marks = ['first', 'second', 'last'] as const;
  if (marks.some((mark) => word(mark) !== magic[mark])) {
    return { kind: 'magic', message: 'the marks of UF2 are missing.' };
  }
  const hasFamily = (word('flags') & flags.familyPresent) !== 0;
  // The boot ROM would ignore it without a word.
  if (!hasFamily && !(word('flags') & flags.notMainFlash)) {
    return { kind: 'family', message: 'does not say which chip family it is made for.' };
  }
  if (hasFamily && word('family') !== chip.uf2Family) {
    return { kind: 'family', message: `made for chip family 0x${word('family').toString(16)}.` };
  }
  if (word('size') === 0 || word('size') > payloadLimit) {
    return { kind: 'payload', message: `says it holds ${word('size')} bytes.` };
  }
  if (word('number') !== number || word('count') !== count) {
    const claim = `${word('number')} of ${word('count')}`;
    return { kind: 'order', message: `says it is ${claim}; it is ${number} of ${count}.` };
  }
  return undefined;
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
