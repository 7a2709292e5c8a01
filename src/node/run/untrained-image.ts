import { writeImage } from '../../core/export/image';
import type { Architecture, StoredFormats } from '../../core/model/config';
import { classifierName, embeddingName } from '../../core/model/tensors';
import { alphabetModel, byteVocabSize, specialTexts } from '../../core/tokenizer/model';
import { digest } from './export';
import { initialWeights } from '../../core/train/initialise';

/** Standard deviation of the logits, as in trained models: the sampler's time depends on it. */
const logitSpread = 4;

/** The image of an untrained model: as fast as a trained one. */
export function untrainedImage(
  architecture: Architecture,
  quantization: StoredFormats = { weights: 'int8' },
  streamed?: ReadonlySet<string>,
): Uint8Array {
  const weights = new Map(initialWeights(architecture, 1));
  const classifier = architecture.tie_embeddings ? embeddingName : classifierName;
  const values = weights.get(classifier) ?? new Float32Array();
  const size = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  // A logit is a sum over dim normed elements, whose mean square is 1.
  const gain = logitSpread / (size * Math.sqrt(architecture.dim));
  weights.set(
    classifier,
    values.map((value) => value * gain),
  );
  return writeImage({
    architecture,
    weights,
    tokenizer: alphabet(architecture),
    quantization,
    ...(streamed && { streamed }),
    sampling: { temperature: 0.8, top_k: 0, top_p: 0.95 },
    whenFull: 'stop',
    tokenizerHash: new Uint8Array(8),
    digest,
  });
}

/** Every byte, or the first ones of a vocabulary that has no room for all. */
export function alphabet({ vocab_size }: Architecture) {
  const hasAll = vocab_size >= byteVocabSize;
  const length = hasAll ? 256 : vocab_size - specialTexts.length;
  return alphabetModel(
    hasAll ? 'byte' : 'char',
    Array.from({ length }, (_, byte) => byte),
  );
}
