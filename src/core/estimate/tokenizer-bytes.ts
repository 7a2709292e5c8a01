import type { Architecture } from '../model/config';

/** Average bytes of a token's text and merge in the image, before the tokenizer is known. */
const typicalTokenBytes = 16;
const fixedBytes = 16 + 512 + 4;

/** Bytes of the tokenizer section: exact for a known tokenizer, else typical for the vocabulary. */
export function tokenizerBytes({ vocab_size }: Architecture, known: number | undefined): number {
  return known ?? fixedBytes + typicalTokenBytes * vocab_size;
}
