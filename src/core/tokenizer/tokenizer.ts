import { StreamDecoder } from './decode';
import { Merger } from './merge';
import { noToken, type TokenizerModel } from './model';
import { PieceTable } from './piece-table';
import { pieceEnd } from './pieces';
import { TokenBuffer } from './token-buffer';

/** Longer pieces are rare and would fill the cache for nothing. */
const cachedPieceBytes = 64;
/** The cache starts afresh when it holds this many pieces, so that no text can fill the memory. */
const cachedPieces = 1 << 17;

/**
 * Encodes and decodes with a tokenizer model. Any bytes can be encoded, and decode(encode(x)) is x.
 * Text that looks like a special token is ordinary text.
 */
export class Tokenizer {
  private readonly merger: Merger;
  private pieces = new PieceTable();
  /** Tokens of the pieces in the table, by their number. */
  private encodedPieces: Uint16Array[] = [];

  constructor(readonly model: TokenizerModel) {
    this.merger = new Merger(model.merges);
  }

  encode(bytes: Uint8Array): Uint16Array {
    const out = new TokenBuffer();
    this.encodeInto(out, bytes);
    return out.toArray();
  }

  /** One stream for training: the end-of-text id first, and again after every document. */
  encodeDocuments(documents: Iterable<Uint8Array>): Uint16Array {
    const out = new TokenBuffer();
    out.push(this.model.eosId);
    for (const document of documents) {
      this.encodeInto(out, document);
      out.push(this.model.eosId);
    }
    return out.toArray();
  }

  decode(ids: Iterable<number>): Uint8Array {
    const decoder = new StreamDecoder(this.model);
    const parts: Uint8Array[] = [];
    for (const id of ids) parts.push(decoder.push(id));
    return concatenated(parts);
  }

  /** How many of the bytes are outside the alphabet, and so cost three tokens each. */
  unknownBytes(bytes: Uint8Array): number {
    let count = 0;
    for (const byte of bytes) if (this.model.byteToken[byte] === noToken) count++;
    return count;
  }

  private encodeInto(out: TokenBuffer, bytes: Uint8Array): void {
    let start = 0;
    while (start < bytes.length) {
      const end = pieceEnd(bytes, start);
      out.append(this.encodePiece(bytes, start, end));
      start = end;
    }
  }

  private encodePiece(bytes: Uint8Array, start: number, end: number): Uint16Array {
    if (end - start > cachedPieceBytes) return this.mergePiece(bytes, start, end);
    if (this.pieces.size >= cachedPieces) {
      this.pieces = new PieceTable();
      this.encodedPieces = [];
    }
    const piece = this.pieces.intern(bytes, start, end);
    return (this.encodedPieces[piece] ??= this.mergePiece(bytes, start, end));
  }

  private mergePiece(bytes: Uint8Array, start: number, end: number): Uint16Array {
    const ids: number[] = [];
    let run: number[] = [];
    // Not push(...run): a piece may be longer than an argument list.
    const finishRun = () => {
      for (const id of this.merger.apply(run)) ids.push(id);
      run = [];
    };
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      const token = this.model.byteToken[byte] ?? noToken;
      if (token !== noToken) {
        run.push(token);
      } else {
        // An escape cuts the piece: its nibbles must not merge with their neighbours.
        finishRun();
        const { escapeId, nibbleBase } = this.model;
        ids.push(escapeId, nibbleBase + (byte >> 4), nibbleBase + (byte & 15));
      }
    }
    finishRun();
    return Uint16Array.from(ids);
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
