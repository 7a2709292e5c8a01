export interface Split {
  train: Uint8Array[];
  valid: Uint8Array[];
}

/**
 * Holds out a share of the documents for validation. Whether a document is held out depends only on
 * its bytes and the seed, so it stays on its side when the user adds others, and copies of it are
 * never on both sides. Each side gets at least one document where there are two different ones.
 */
export function holdOut(documents: readonly Uint8Array[], share: number, seed: number): Split {
  const split: Split = { train: [], valid: [] };
  const places = documents.map((document) => hashToUnit(document, seed));
  let least = 1;
  let most = 0;
  for (const place of places) {
    least = Math.min(least, place);
    most = Math.max(most, place);
  }
  // The document nearest to the limit changes sides if one side would be empty.
  const limit = share > 0 && least < most ? Math.min(Math.max(share, least + step), most) : 0;
  documents.forEach((document, i) => {
    split[(places[i] ?? 0) < limit ? 'valid' : 'train'].push(document);
  });
  return split;
}

/** Between neighbouring hashes. */
const step = 2 ** -32;

/** FNV-1a of the bytes, scrambled with the seed, as a number from 0 to below 1. */
function hashToUnit(bytes: Uint8Array, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return ((hash ^ (hash >>> 15)) >>> 0) * step;
}
