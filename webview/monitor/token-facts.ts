import type { SpokenToken } from '../../src/core/monitor/speech';
import { grouped } from '../../src/core/text';

/** The facts about a token, in a few words. */
export function tokenFacts({ index, id, latency, rank }: SpokenToken): string {
  const facts = [`id ${id}`];
  if (latency !== undefined) {
    facts.push(`${grouped(latency)} µs${index === 0 ? ' with the prompt' : ''}`);
  }
  if (rank !== undefined) facts.push(rank === 1 ? 'rank 1, the likeliest' : `rank ${rank}`);
  return facts.join(' · ');
}
