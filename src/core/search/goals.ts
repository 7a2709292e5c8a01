import { estimateModel, fitsChip } from '../estimate/estimate';
import { countParameters } from '../estimate/parameters';
import type { ModelConfig } from '../model/config';
import { withDefaults, type ModelFile } from '../model/defaults';
import { bestStoryShape } from '../model/shipped-runs';

/** A user's goal for a model, which determines the shape. */
export interface Goal {
  name: string;
  title: string;
  summary: string;
  /** The model.json that comes closest to it on this chip. */
  file(): ModelFile;
}

type Shape = ModelFile['architecture'];

/** Shared by the shapes of a goal: heads, and a context that a short story fits in. */
const storyHeads = { n_heads: 4, n_kv_heads: 2, max_seq_len: 224 } as const;

/**
 * The demo preset and the narrower shapes that still tell a story: two minutes of training on the
 * starter stories bring them below 0.37 bits per byte, where nearly every sentence is whole. Other
 * shapes do not get there in that time, and their sentences break off or spell words that do not
 * exist: dim 24 (0.42), dim 40 with 1024 tokens (0.43), 512 tokens (0.70), and one layer, in which
 * no head can find the word before the one it attends to (0.62 with 1024 tokens).
 */
const storyShapes: readonly Shape[] = [
  { vocab_size: 2048, dim: 48, hidden_dim: 128, n_layers: 2, ...storyHeads, head_dim: 16 },
  { vocab_size: 1024, dim: 48, hidden_dim: 128, n_layers: 2, ...storyHeads, head_dim: 16 },
  { vocab_size: 2048, dim: 32, hidden_dim: 88, n_layers: 2, ...storyHeads, head_dim: 8 },
];

/** The fastest shape among those that tell a story. */
function fastestStory(): ModelFile {
  const files = storyShapes.map((architecture): ModelFile => ({
    version: 1,
    name: 'fastest-story',
    architecture,
    training: { minutes: 3, batch: 6, learning_rate: 0.015 },
  }));
  return leastBy(files, (file) => -estimateModel(configOf(file)).speed.tokens_per_second);
}

/**
 * The shipped storyteller, tuned. In 1,700 steps on the starter stories, some two minutes, it comes
 * to 0.18 bits per byte; the demo preset, from nothing, to 0.29, where characters change their names.
 */
function storyteller(): ModelFile {
  return {
    version: 1,
    name: 'storyteller',
    architecture: bestStoryShape,
    quantization: { weights: 'int4' },
    training: { from: 'starmind:best-story', minutes: 2, batch: 4, learning_rate: 0.006 },
  };
}

/** Values between which the search for the largest model goes. */
const family = {
  vocab_size: [512, 1024, 2048],
  dim: [32, 40, 48, 56, 64, 72, 80, 88, 96],
  n_layers: [2, 3, 4, 5, 6],
  /** Query heads that share a key/value head: the KV cache shrinks by it. */
  sharing: [2, 4],
} as const;

/** The head_dim of stories260K, whose proportions the family has. */
const familyHeadDim = 8;

/** A short story with room to spare; a search for parameters alone would leave no context. */
const familyContext = 256;

/** Every shape of the family; the feed-forward layer has 8/3 of dim, as gated ones do. */
function familyShapes(): Shape[] {
  const shapes: Shape[] = [];
  for (const vocab_size of family.vocab_size) {
    for (const dim of family.dim) {
      for (const n_layers of family.n_layers) {
        for (const sharing of family.sharing) {
          const n_heads = dim / familyHeadDim;
          if (n_heads % sharing !== 0) continue;
          shapes.push({
            vocab_size,
            dim,
            hidden_dim: Math.round((dim * 8) / 3 / 4) * 4,
            n_layers,
            n_heads,
            n_kv_heads: n_heads / sharing,
            head_dim: familyHeadDim,
            max_seq_len: familyContext,
          });
        }
      }
    }
  }
  return shapes;
}

/** The shape of the family with the most parameters that fits the chip. */
function bestThatFits(): ModelFile {
  const files = familyShapes()
    .map((architecture): ModelFile => ({
      version: 1,
      name: 'best-that-fits',
      architecture,
      training: { minutes: 30, batch: 4, learning_rate: 0.01 },
    }))
    .filter((file) => fitsChip(configOf(file)));
  return leastBy(files, (file) => -countParameters(configOf(file).architecture).total);
}

function configOf(file: ModelFile): ModelConfig {
  return withDefaults(file, 'model');
}

/** The first of the values for which `rank` is least. */
function leastBy<T>(values: readonly T[], rank: (value: T) => number): T {
  const ranked = values.map((value) => ({ value, rank: rank(value) }));
  return ranked.reduce((best, other) => (other.rank < best.rank ? other : best)).value;
}

export const goals: readonly Goal[] = [
  {
    name: 'storyteller',
    title: 'Whole stories, after two minutes',
    summary: 'A shipped model that has read TinyStories learns your text, and keeps its shape.',
    file: storyteller,
  },
  {
    name: 'fastest-story',
    title: 'Fastest that tells a story',
    summary: 'The smallest shape whose sentences hang together.',
    file: fastestStory,
  },
  {
    name: 'best-that-fits',
    title: 'Best that fits',
    summary: 'The most parameters that SRAM holds beside a context of 256 tokens.',
    file: bestThatFits,
  },
];
