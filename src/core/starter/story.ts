import { seededRandom } from '../random';
import { Narrator } from './narrator';
import { pick } from './pick';
import { plots } from './plots';
import { pools } from './words';

/**
 * The starter corpus: short stories for children in plain English, written by this program, so that
 * a first model can be trained with nothing to download. ASCII; 300 to 1,000 bytes a story. There
 * are as many stories as numbers, and each depends on `seed` and `index` alone.
 */
export function starterStory(seed: number, index: number): string {
  const random = seededRandom(seed, index);
  const plot = pick(random, plots);
  const narrator = new Narrator(pools, random);
  const acts = plot.acts.map((beats) =>
    beats
      .map((variants) => narrator.tell(pick(random, variants)))
      .filter((sentences) => sentences !== '')
      .join(' '),
  );
  return acts.join(random() < 0.5 ? ' ' : '\n\n');
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
