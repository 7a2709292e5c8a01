import { mergeRanks, type TokenizerModel } from '../tokenizer/model';
import { ByteWriter } from './byte-writer';
import { align4 } from './layout';

/** Marks "no token" in 16 bits. */
const none = 0xffff;
/** SM_TOKENIZER_WORDS */
const wordsFlag = 1;
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
  const writer = new ByteWriter(bytes);
  writer.put32(model.tokens.length);
  writer.put32(model.merges.length);
  writer.put16(model.eosId);
  writer.put16(model.escapeId < 0 ? none : model.escapeId);
  writer.put16(model.nibbleBase);
  writer.put16(model.type === 'sentencepiece' ? wordsFlag : 0);
  for (const token of model.byteToken) writer.put16(token);
  const ranks = mergeRanks(model);
  model.merges
    .map((merge, index) => ({ ...merge, rank: ranks[index] ?? index }))
    .sort((a, b) => a.left - b.left || a.right - b.right)
    .forEach(({ left, right, id, rank }) =>
      [left, right, id, rank].forEach((value) => writer.put16(value)),
    );
  let offset = 0;
  writer.put32(offset);
  for (const token of model.tokens) writer.put32((offset += token.length));
  for (const token of model.tokens) writer.putBytes(token);
  return bytes;
}
