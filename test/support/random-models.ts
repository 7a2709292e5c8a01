import { fitsChip } from '../../src/core/estimate/estimate';
import type { ModelConfig } from '../../src/core/model/config';
import { withDefaults } from '../../src/core/model/defaults';
import { weightFormats } from '../../src/core/model/formats';
import { matrixEntries } from '../../src/core/model/matrix-formats';
import { architectureOptions } from '../../src/core/model/options';
import { seededRandom } from '../../src/core/random';
import { minVocabSize } from '../../src/core/tokenizer/model';

/** Models of random shapes, options, formats and cores that fit the chip; a seed gives the same. */
export function randomModels(count: number, seed: number): ModelConfig[] {
  const random = seededRandom(seed);
  const models: ModelConfig[] = [];
  while (models.length < count) {
    const config = randomModel(random, `random ${models.length + 1}`);
    if (fitsChip(config)) models.push(config);
  }
  return models;
}

function randomModel(random: () => number, name: string): ModelConfig {
  const chosen = <T>(choices: readonly T[]): T =>
    choices[Math.floor(random() * choices.length)] as T;
  /** Sizes of all magnitudes alike. */
  const size = (least: number, most: number) => Math.round(least * (most / least) ** random());
  const isTrue = (share: number) => random() < share;
  const n_kv_heads = chosen([1, 2, 3, 4, 8]);
  const ownFormats = matrixEntries.filter(() => isTrue(0.1)).map(({ slot }) => slot);
  return withDefaults(
    {
      version: 1,
      architecture: {
        vocab_size: size(minVocabSize, 3000),
        dim: size(4, 200),
        hidden_dim: size(8, 600),
        n_layers: size(1, 7),
        n_heads: n_kv_heads * chosen([1, 1, 2, 3, 4]),
        n_kv_heads,
        head_dim: size(1, 40),
        max_seq_len: size(16, 700),
        norm: chosen(architectureOptions.norm),
        position: chosen(architectureOptions.position),
        activation: chosen(architectureOptions.activation),
        gated: isTrue(0.6),
        tie_embeddings: isTrue(0.7),
      },
      quantization: {
        weights: chosen(weightFormats),
        tensors: Object.fromEntries(ownFormats.map((slot) => [slot, chosen(weightFormats)])),
        kv_cache: chosen(['int8', 'int8', 'int4']),
      },
      target: { cores: chosen([1, 2]), clock_mhz: chosen([125, 133, 150, 200]) },
    },
    name,
  );
}
