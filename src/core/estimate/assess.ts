import type { FindBase } from '../model/base';
import { parseModel, type ParsedModel } from '../model/parse';
import { placeProblems } from '../model/place';
import { byteVocabSize } from '../tokenizer/model';
import { estimateModel, type Estimate } from './estimate';
import { unusedTokens } from './unused-tokens';

/** A parsed and estimated model.json: every result that needs no other file. */
export interface Assessment extends ParsedModel {
  /** Present with the value. */
  estimate: Estimate | undefined;
}

/** Reads the text of a model.json and estimates it; the problems of both are placed in the text. */
export function assessModel(
  text: string,
  fallbackName?: string,
  tokenizerBytes?: number,
  findBase?: FindBase,
): Assessment {
  const parsed = parseModel(text, fallbackName, findBase);
  const { value, file } = parsed;
  if (!value || !file) return { ...parsed, estimate: undefined };
  const estimate = estimateModel(value, { tokenizerBytes, file });
  const unused = value.tokenizer.type === 'byte' ? unusedTokens(value, byteVocabSize) : [];
  const placed = placeProblems(parsed.root, [...estimate.problems, ...unused]);
  return { ...parsed, problems: [...parsed.problems, ...placed], estimate };
}
