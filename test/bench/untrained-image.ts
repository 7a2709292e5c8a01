import { writeImage } from '../../src/core/export/image';
import type { Architecture } from '../../src/core/model/config';
import { embeddingName } from '../../src/core/model/tensors';
import { alphabetModel, byteVocabSize, specialTexts } from '../../src/core/tokenizer/model';
import { digest } from '../../src/node/run/export';
import { initialWeights } from '../../src/core/train/initialise';

/** Spreads the logits as far as those of a trained model: the sampler's time depends on it. */
const embeddingGain = 30;

/** The image of a model that nobody trained: as fast as a trained one. */
export function untrainedImage(architecture: Architecture): Uint8Array {
  const weights = new Map(initialWeights(architecture, 1));
  weights.set(
    embeddingName,
    (weights.get(embeddingName) ?? new Float32Array()).map((weight) => weight * embeddingGain),
  );
  return writeImage({
    architecture,
    weights,
    tokenizer: alphabet(architecture),
    quantization: { weights: 'int8' },
    sampling: { temperature: 0.8, top_k: 0, top_p: 0.95 },
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
