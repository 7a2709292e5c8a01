import { expect, test } from 'vitest';
import { asTyped } from '../../src/cli/as-typed';

test('commands are printed as the user has to type them', () => {
  const text = 'Train one with: starmind train model.json. Starmind starts; starmind is small.';
  expect(asTyped(text, 'another-package')).toBe(text);
  expect(asTyped(text, 'starmind-pico')).toBe(
    'Train one with: npm run -s starmind -- train model.json. Starmind starts; starmind is small.',
  );
});
