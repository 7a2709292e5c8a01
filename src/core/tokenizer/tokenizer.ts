import { finish, type Turns } from '../turns';
import { bytesKey, characterLength, characterTokens } from './characters';
import { StreamDecoder } from './decode';
import { Merger } from './merge';
import { noToken, type TokenizerModel } from './model';
import { PieceTable } from './piece-table';
import { pieceEnd, wordEnd } from './pieces';
import { TokenBuffer } from './token-buffer';

/** Longer pieces are rare and would fill the cache in vain. */
const cachedPieceBytes = 64;
/** Bytes that are encoded between two turns: some milliseconds. */
const bytesPerTurn = 1 << 16;
/** The cache starts afresh when it holds this many pieces, so that no text can fill the memory. */
const cachedPieces = 1 << 17;

/**
 * Encodes and decodes with a tokenizer model. Any bytes can be encoded, and decode(encode(x)) is x,
 * behind the space that one of SentencePiece puts before a text. Text that looks like a special
 * token is ordinary text.
 */
export class Tokenizer {
  private readonly merger: Merger;
  private pieces = new PieceTable();
  /** Tokens of the pieces in the table, by their number. */
  private encodedPieces: Uint16Array[] = [];
  private readonly endOfPiece: typeof pieceEnd;
  /** By the bytes of a character, as `characterTokens` spells them; none but in SentencePiece's. */
  private readonly characters: ReadonlyMap<string, number>;

  constructor(readonly model: TokenizerModel) {
    this.merger = new Merger(model);
    this.endOfPiece = this.hasWords ? wordEnd : pieceEnd;
    this.characters = this.hasWords ? characterTokens(model) : new Map();
  }

  private get hasWords(): boolean {
    return this.model.type === 'sentencepiece';
  }

  encode(bytes: Uint8Array): Uint16Array {
    const out = new TokenBuffer();
    finish(this.encodeInto(out, bytes));
    return out.toArray();
  }

  /** One stream for training: the end-of-text id first, and again after every document. */
  *encodeDocuments(documents: Iterable<Uint8Array>): Turns<Uint16Array> {
    const out = new TokenBuffer();
    out.push(this.model.eosId);
    let bytes = 0;
    for (const document of documents) {
      yield* this.encodeInto(out, document);
      out.push(this.model.eosId);
      bytes += document.length;
      if (bytes < bytesPerTurn) continue;
      bytes = 0;
      yield;
    }
    return out.toArray();
  }

  /** The text of its first tokens, which `encode` makes of it: without the space before a text. */
  decodeStart(ids: Iterable<number>): Uint8Array {
    const bytes = this.decode(ids);
    return this.hasWords && bytes[0] === 0x20 ? bytes.subarray(1) : bytes;
  }

  decode(ids: Iterable<number>): Uint8Array {
    const decoder = new StreamDecoder(this.model);
    const parts: Uint8Array[] = [];
    for (const id of ids) parts.push(decoder.push(id));
    return concatenated(parts);
  }

  /** How many bytes of the documents are outside the alphabet, and so cost three tokens each. */
  *unknownBytes(documents: Iterable<Uint8Array>): Turns<number> {
    let count = 0;
    for (const document of documents) {
      for (let start = 0; start < document.length; start += bytesPerTurn) {
        for (const byte of document.subarray(start, start + bytesPerTurn)) {
          if (this.model.byteToken[byte] === noToken) count++;
        }
        yield;
      }
    }
    return count;
  }

  private *encodeInto(out: TokenBuffer, text: Uint8Array): Turns<void> {
    const bytes = this.hasWords && text.length > 0 ? concatenated([space, text]) : text;
    let turn = bytesPerTurn;
    for (let start = 0; start < bytes.length;) {
      const end = this.endOfPiece(bytes, start);
      if (end - start <= cachedPieceBytes) out.append(this.cachedPiece(bytes, start, end));
      else out.append(yield* this.mergePiece(bytes, start, end));
      start = end;
      if (start < turn) continue;
      turn = start + bytesPerTurn;
      yield;
    }
  }

  private cachedPiece(bytes: Uint8Array, start: number, end: number): Uint16Array {
    if (this.pieces.size >= cachedPieces) {
      this.pieces = new PieceTable();
      this.encodedPieces = [];
    }
    const piece = this.pieces.intern(bytes, start, end);
    return (this.encodedPieces[piece] ??= finish(this.mergePiece(bytes, start, end)));
  }

  private *mergePiece(bytes: Uint8Array, start: number, end: number): Turns<Uint16Array> {
    const out = new TokenBuffer();
    let run: number[] = [];
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      const length = this.characters.size > 0 ? characterLength(bytes, at, end) : 1;
      const character =
        length > 1 ? this.characters.get(bytesKey(bytes, at, at + length)) : undefined;
      if (character !== undefined) {
        run.push(character);
        at += length - 1;
        continue;
      }
      const token = this.model.byteToken[byte] ?? noToken;
      if (token !== noToken) {
        run.push(token);
        continue;
      }
      // An escape cuts the piece: its nibbles must not merge with their neighbours.
      for (const id of yield* this.merger.applyInTurns(run)) out.push(id);
      run = [];
      const { escapeId, nibbleBase } = this.model;
      for (const id of [escapeId, nibbleBase + (byte >> 4), nibbleBase + (byte & 15)]) out.push(id);
    }
    for (const id of yield* this.merger.applyInTurns(run)) out.push(id);
    return out.toArray();
  }
}

const space = Uint8Array.of(0x20);

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
