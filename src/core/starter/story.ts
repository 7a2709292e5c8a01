import { Narrator } from './narrator';
import { plots } from './plots';
import { Random } from './random';
import { pools } from './words';

/**
 * The starter corpus: short stories for children in plain English, written by this program, so that
 * a first model can be trained with nothing to download. ASCII; 300 to 1,000 bytes a story. There
 * are as many stories as numbers, and each depends on `seed` and `index` alone.
 */
export function starterStory(seed: number, index: number): string {
  const random = new Random(seed, index);
  const plot = random.pick(plots);
  const narrator = new Narrator(pools, random);
  const acts = plot.acts.map((beats) =>
    beats
      .map((variants) => narrator.tell(random.pick(variants)))
      .filter((sentences) => sentences !== '')
      .join(' '),
  );
  return acts.join(random.below(2) === 0 ? ' ' : '\n\n');
}

/** Stories from index 0 for as long as they fit in `maxBytes` together. */
export function* starterStories(seed: number, maxBytes: number): Generator<string> {
  let bytes = 0;
  for (let index = 0; ; index++) {
    const story = starterStory(seed, index);
    bytes += story.length;
    if (bytes > maxBytes) return;
    yield story;
  }
}
