import type { TokenizerModel } from '../tokenizer/model';
import { align4 } from './layout';

/** Marks "no token" in 16 bits. */
const none = 0xffff;
const headerBytes = 16;
const mergeBytes = 8;

/** Bytes of the tokenizer section of a device image. */
export function tokenizerSectionBytes(model: TokenizerModel): number {
  const textBytes = model.tokens.reduce((sum, token) => sum + token.length, 0);
  return align4(
    headerBytes +
      256 * 2 +
      model.merges.length * mergeBytes +
      (model.tokens.length + 1) * 4 +
      textBytes,
  );
}

/** The tokenizer as firmware/engine/tokenizer.h describes it. */
export function writeTokenizerSection(model: TokenizerModel): Uint8Array {
  const bytes = new Uint8Array(tokenizerSectionBytes(model));
  const view = new DataView(bytes.buffer);
  let next = 0;
  const put16 = (value: number) => {
    view.setUint16(next, value, true);
    next += 2;
  };
  const put32 = (value: number) => {
    view.setUint32(next, value, true);
    next += 4;
  };
  put32(model.tokens.length);
  put32(model.merges.length);
  put16(model.eosId);
  put16(model.escapeId < 0 ? none : model.escapeId);
  put16(model.nibbleBase);
  put16(0); // Reserved.
  for (const token of model.byteToken) put16(token);
  model.merges
    .map((merge, rank) => ({ ...merge, rank }))
    .sort((a, b) => a.left - b.left || a.right - b.right)
    .forEach(({ left, right, id, rank }) => [left, right, id, rank].forEach(put16));
  let offset = 0;
  put32(offset);
  for (const token of model.tokens) put32((offset += token.length));
  for (const token of model.tokens) {
    bytes.set(token, next);
    next += token.length;
  }
  return bytes;
}
