const blockBytes = 1 << 16;

/**
 * All documents in blocks of at most 64 KB, or, when they exceed `limit` bytes together, an even
 * share of their blocks from the first document to the last. The result is deterministic.
 */
export function* sampleBlocks(
  documents: readonly Uint8Array[],
  limit: number,
): Generator<Uint8Array> {
  const total = documents.reduce((bytes, document) => bytes + document.length, 0);
  const share = Math.min(1, limit / total);
  let seen = 0;
  let taken = 0;
  for (const document of documents) {
    for (let start = 0; start < document.length; start += blockBytes) {
      const block = document.subarray(start, start + blockBytes);
      seen += block.length;
      // The half block rounds: a small block is not passed over for ever in favour of large ones.
      if (taken + block.length / 2 > seen * share) continue;
      taken += block.length;
      yield block;
    }
  }
}
