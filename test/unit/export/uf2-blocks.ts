/** The 512-byte blocks of a UF2 file. */
export function blocksOf(file: Uint8Array): Uint8Array[] {
  return Array.from({ length: file.length / 512 }, (_, at) => file.slice(512 * at, 512 * (at + 1)));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** As a file of its own: with its blocks renumbered. */
function numbered(file: Uint8Array): Uint8Array {
  const blocks = blocksOf(file);
  blocks.forEach((block, number) => {
    new DataView(block.buffer).setUint32(20, number, true);
    new DataView(block.buffer).setUint32(24, blocks.length, true);
  });
  return joined(...blocks);
}

/** A file of four pages without the two in the middle. */
export function withHole(file: Uint8Array): Uint8Array {
  const [first, , , last] = blocksOf(file);
  if (!first || !last) throw new Error('needs four pages');
  return numbered(joined(first, last));
}
