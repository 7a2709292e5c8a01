import { nibbles, tokenBytes, type TokenizerModel } from './model';

const nothing = new Uint8Array(0);

/**
 * Decodes tokens one at a time, as the engine does. An escape and the two nibbles after it become
 * one byte; an incomplete escape decodes to no byte, its first nibble included. End of text, and
 * ids outside the vocabulary, have no bytes.
 */
export class StreamDecoder {
  /** Nibbles that an open escape still needs. */
  private wanted = 0;
  private byte = 0;

  constructor(private readonly model: TokenizerModel) {}

  /** The bytes that `id` completes; may be empty. */
  push(id: number): Uint8Array {
    if (id === this.model.escapeId) {
      this.wanted = 2;
      return nothing;
    }
    const nibble = id - this.model.nibbleBase;
    if (this.wanted === 0 || nibble < 0 || nibble >= nibbles) {
      this.wanted = 0;
      return tokenBytes(this.model, id);
    }
    this.byte = ((this.byte << 4) | nibble) & 0xff;
    this.wanted--;
    return this.wanted === 0 ? Uint8Array.of(this.byte) : nothing;
  }
}
