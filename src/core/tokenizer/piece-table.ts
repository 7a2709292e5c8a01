/**
 * Numbers distinct byte strings 0, 1, 2, ... in order of first sight. Keyed by the bytes
 * themselves (open addressing over one arena), because making a JavaScript string of every word of
 * a corpus costs more than everything else in encoding it.
 */
export class PieceTable {
  size = 0;
  /** Piece number in each slot, -1 when free; a power of two long and at most half full. */
  private slots = new Int32Array(1024).fill(-1);
  private hashes = new Int32Array(512);
  /** Piece n lies at ends[n - 1] .. ends[n] of the arena. */
  private ends = new Uint32Array(512);
  private arena = new Uint8Array(8192);

  /** The number of bytes[start..end), which is `size` before the call when it is new. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    let slot = hash & (this.slots.length - 1);
    for (;;) {
      const piece = this.slots[slot] ?? -1;
      if (piece < 0) return this.add(bytes, start, end, hash, slot);
      if (this.hashes[piece] === hash && this.equals(piece, bytes, start, end)) return piece;
      slot = (slot + 1) & (this.slots.length - 1);
    }
  }

  /** A view into the table, valid until the next `intern`. */
  bytesOf(piece: number): Uint8Array {
    return this.arena.subarray(this.startOf(piece), this.ends[piece]);
  }

  private startOf(piece: number): number {
    return piece === 0 ? 0 : (this.ends[piece - 1] ?? 0);
  }

  private equals(piece: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.startOf(piece);
    if ((this.ends[piece] ?? 0) - from !== end - start) return false;
    for (let i = 0; i < end - start; i++) {
      if (this.arena[from + i] !== bytes[start + i]) return false;
    }
    return true;
  }

  private add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const piece = this.size++;
    const from = this.startOf(piece);
    const to = from + end - start;
    while (to > this.arena.length)
      this.arena = enlarged(this.arena, new Uint8Array(2 * this.arena.length));
    if (piece === this.ends.length) {
      this.ends = enlarged(this.ends, new Uint32Array(2 * piece));
      this.hashes = enlarged(this.hashes, new Int32Array(2 * piece));
    }
    this.arena.set(bytes.subarray(start, end), from);
    this.ends[piece] = to;
    this.hashes[piece] = hash;
    this.slots[slot] = piece;
    if (2 * this.size > this.slots.length) this.rehash();
    return piece;
  }

  private rehash(): void {
    const slots = new Int32Array(2 * this.slots.length).fill(-1);
    for (let piece = 0; piece < this.size; piece++) {
      let slot = (this.hashes[piece] ?? 0) & (slots.length - 1);
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = piece;
    }
    this.slots = slots;
  }
}

function enlarged<T extends Uint8Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** FNV-1a, its high half folded in because only the low bits choose the slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}
