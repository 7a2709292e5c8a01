import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { withArticle } from '../../../src/core/starter/english';
import { plots } from '../../../src/core/starter/plots';
import { starterStories, starterStory } from '../../../src/core/starter/story';
import { pools } from '../../../src/core/starter/words';

const sampleSize = 20_000;

describe('starter corpus', () => {
  let stories: string[] = [];
  beforeAll(() => {
    stories = Array.from({ length: sampleSize }, (_, index) => starterStory(1, index));
  });

  /** The stories that break a rule, a few of them. */
  const offenders = (pattern: RegExp) => stories.filter((story) => pattern.test(story)).slice(0, 3);

  it('never changes for a seed', () => {
    const hash = createHash('sha256').update(stories.slice(0, 1000).join('\0')).digest('hex');
    expect(hash).toMatchInlineSnapshot(
      `"ca3598c3eed0194459d1deb5754ada2016fcd5a99fe181a24b19c939ef1849db"`,
    );
  });

  it('is another for another seed, and hardly repeats itself', () => {
    expect(starterStory(2, 0)).not.toBe(starterStory(1, 0));
    expect(new Set(stories).size).toBeGreaterThan(0.999 * sampleSize);
  });

  it('has at least twelve plots and 1,500 distinct words', () => {
    expect(plots.length).toBeGreaterThanOrEqual(12);
    const words = new Set(stories.flatMap((story) => story.toLowerCase().match(/[a-z]+/g) ?? []));
    expect(words.size).toBeGreaterThan(1500);
  });

  it('has stories of 300 to 1,000 bytes of ASCII', () => {
    expect(offenders(/[^\n\x20-\x7e]/)).toEqual([]);
    const lengths = stories.map((story) => story.length);
    expect(Math.min(...lengths)).toBeGreaterThan(300);
    expect(Math.max(...lengths)).toBeLessThan(1000);
  });

  it.each<[string, RegExp]>([
    ['a double space', / {2}/],
    ['a space at the edge of a line', /^ | $/m],
    ['more or less than one blank line', /\n{3}|[^\n]\n[^\n]|^\n|\n$/],
    ['an unfilled placeholder', /[[\]{}|]|undefined/],
    ['a space before punctuation', / [.,!?]/],
    ['doubled punctuation', /[.,!?]{2}/],
    ['a sentence without a capital', /(?:^|\n|[.] |[.]" )[a-z]/],
    ['speech without a capital', /(?:^|\s)"[a-z]/],
    ['a paragraph without an end', /[^.!?"]$|[^.!?"\n]\n/],
    ['speech without an end', /[^.,!?]"(?:\s|$)/],
    ['the same word twice', /\b([a-z]+) \1\b(?<!had had|that that)/i],
  ])('never has %s', (_, pattern) => {
    expect(offenders(pattern)).toEqual([]);
  });

  it('closes every quotation in its paragraph', () => {
    const open = stories.filter((story) =>
      story.split('\n\n').some((paragraph) => (paragraph.match(/"/g)?.length ?? 0) % 2 === 1),
    );
    expect(open).toEqual([]);
  });

  it('has the right articles', () => {
    expect(offenders(/\ba [aeio]/i)).toEqual([]);
    expect(offenders(/\ban [^aeiouh]/i)).toEqual([]);
    expect(
      ['umbrella', 'uncle', 'unicorn', 'ugly hat', 'useful key', 'hour'].map(withArticle),
    ).toEqual(['an umbrella', 'an uncle', 'a unicorn', 'an ugly hat', 'a useful key', 'an hour']);
  });

  it('uses the pronouns of each character', () => {
    const outsideSlots = JSON.stringify([plots, pools]).replace(/\{[^{}"]*\}/g, '');
    const phrases = outsideSlots.match(/[^"]+/g)?.filter((text) => /[a-z] [a-z]/.test(text));
    expect(phrases?.filter((text) => /\b(?:he|she|his|her|him|hers)\b/i.test(text))).toEqual([]);
  });

  it('streams the requested number of bytes', () => {
    const streamed = [...starterStories(1, 100_000)];
    expect(streamed).toEqual(stories.slice(0, streamed.length));
    const bytes = streamed.join('').length;
    expect(bytes).toBeLessThanOrEqual(100_000);
    expect(bytes).toBeGreaterThan(99_000);
    expect([...starterStories(1, 0)]).toEqual([]);
  });
});
