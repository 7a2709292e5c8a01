import { joinBytes, nibbles, tokenBytes, type TokenizerModel } from './model';

const nothing = new Uint8Array(0);

/**
 * Decodes tokens one at a time. An escape holds back up to two tokens: if the two after it are
 * nibbles they become one byte, and if not, the escape means nothing and they are decoded as
 * ordinary tokens. End of text, and ids outside the vocabulary, have no bytes.
 */
export class StreamDecoder {
  private escaped = false;
  /** Token of the high half of an escaped byte, once it has been read. */
  private high: number | undefined;

  constructor(private readonly model: TokenizerModel) {}

  /** The bytes that `id` completes; may be empty, and may be those of two tokens. */
  push(id: number): Uint8Array {
    if (this.escaped && this.isNibble(id)) {
      if (this.high === undefined) {
        this.high = id;
        return nothing;
      }
      const byte = (this.high - this.model.nibbleBase) * nibbles + (id - this.model.nibbleBase);
      this.end();
      return Uint8Array.of(byte);
    }
    const held = this.end();
    if (id === this.model.escapeId) {
      this.escaped = true;
      return held;
    }
    const bytes = tokenBytes(this.model, id);
    return held.length === 0 ? bytes : joinBytes(held, bytes);
  }

  /** The stream is over: the bytes of an unfinished escape. The decoder can then be used again. */
  end(): Uint8Array {
    const held = this.high === undefined ? nothing : tokenBytes(this.model, this.high);
    this.escaped = false;
    this.high = undefined;
    return held;
  }

  private isNibble(id: number): boolean {
    return id >= this.model.nibbleBase && id < this.model.nibbleBase + nibbles;
  }
}
