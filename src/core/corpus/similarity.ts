import type { Turns } from '../turns';

/** Bytes of a shingle: a sentence or so, which different texts rarely share. */
const shingleBytes = 64;

/**
 * One shingle in this many is looked at, chosen by its hash: the same ones in every document. Of
 * large texts it is fewer, so that their hashes fill no more than some tens of megabytes.
 */
const sampledOneIn = 16;
const mostShingles = 1_000_000;

/** Share of a document's shingles that earlier text has, from which on it is a near copy. */
const nearShare = 0.8;

/** Shingles that say enough about a document; shorter ones are compared as a whole only. */
const fewestShingles = 4;

/** Documents between two turns. */
const documentsPerTurn = 200;

const base = 0x01000193;

/** base ** shingleBytes modulo 2 ** 32: the weight of the byte that leaves a shingle. */
const leavingWeight = Array.from({ length: shingleBytes }).reduce<number>(
  (power) => Math.imul(power, base),
  1,
);

function scrambled(bits: number): number {
  const mixed = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) >>> 0;
}

/** Hashes of a sample of a document's shingles (Karp and Rabin; Broder's sampling by value). */
function sampledShingles(document: Uint8Array, oneIn: number): number[] {
  const sample: number[] = [];
  let hash = 0;
  for (let i = 0; i < document.length; i++) {
    hash = (Math.imul(hash, base) + (document[i] ?? 0)) | 0;
    if (i >= shingleBytes) {
      hash = (hash - Math.imul(leavingWeight, document[i - shingleBytes] ?? 0)) | 0;
    }
    if (i < shingleBytes - 1) continue;
    const bits = scrambled(hash);
    if (bits % oneIn === 0) sample.push(bits);
  }
  return sample;
}

/** Hash of a whole document, in 53 bits: two of FNV-1a with different starts. */
function wholeHash(document: Uint8Array): number {
  let low = 0x811c9dc5;
  let high = document.length | 0;
  for (const byte of document) {
    low = Math.imul(low ^ byte, base);
    high = Math.imul(high ^ byte, 0x85ebca6b);
  }
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}

/** Documents that text before them has already. */
export interface Copies {
  /** Byte for byte. */
  exact: number;
  /** Not byte for byte, but most of their sentences. */
  near: number;
}

/** Text that documents are compared with. */
export class KnownText {
  private readonly documents = new Set<number>();
  private readonly shingles = new Set<number>();
  private readonly oneIn: number;

  /** @param bytes of the text that will be added */
  constructor(bytes: number) {
    this.oneIn = Math.max(sampledOneIn, Math.ceil(bytes / mostShingles));
  }

  /** Adds documents one after another; how many of them were known when they came. */
  *add(documents: readonly Uint8Array[]): Turns<Copies> {
    return yield* this.compare(documents, true);
  }

  /** How many of these documents are known. */
  *find(documents: readonly Uint8Array[]): Turns<Copies> {
    return yield* this.compare(documents, false);
  }

  private *compare(documents: readonly Uint8Array[], adds: boolean): Turns<Copies> {
    const copies: Copies = { exact: 0, near: 0 };
    for (const [index, document] of documents.entries()) {
      if (index % documentsPerTurn === 0) yield;
      const whole = wholeHash(document);
      const sample = sampledShingles(document, this.oneIn);
      if (this.documents.has(whole)) copies.exact++;
      else if (this.isNear(sample)) copies.near++;
      if (!adds) continue;
      this.documents.add(whole);
      for (const shingle of sample) this.shingles.add(shingle);
    }
    return copies;
  }

  private isNear(sample: readonly number[]): boolean {
    if (sample.length < fewestShingles) return false;
    const known = sample.filter((shingle) => this.shingles.has(shingle)).length;
    return known >= nearShare * sample.length;
  }
}
