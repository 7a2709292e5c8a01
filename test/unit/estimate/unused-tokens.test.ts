import { expect, it } from 'vitest';
import { assessModel } from '../../../src/core/estimate/assess';
import { estimateModel } from '../../../src/core/estimate/estimate';
import { unusedTokens } from '../../../src/core/estimate/unused-tokens';
import { withDefaults } from '../../../src/core/model/defaults';
import { findPreset } from '../../../src/core/model/presets';

const { file } = findPreset('demo')!;
const config = withDefaults(file, 'demo');
const sized = (vocab_size: number) => ({
  ...config,
  architecture: { ...config.architecture, vocab_size },
});

it('states what a vocabulary of the size of its tokenizer would save', () => {
  const [problem] = unusedTokens(sized(4096), 115);
  const [large, small] = [estimateModel(sized(4096)), estimateModel(sized(115))];
  const saved = (large.sram.total - small.sram.total).toLocaleString('en-US');
  expect(problem?.message).toContain('115 of the 4,096 tokens');
  expect(problem?.fix).toContain(`vocab_size 115 would save ${saved} bytes of SRAM`);
});

it('does not count the last percent', () => {
  expect(unusedTokens(sized(1000), 990)).toEqual([]);
  expect(unusedTokens(sized(1000), 989)).toHaveLength(1);
});

it('is known for bytes before any text is read', () => {
  const text = (vocab_size: number) =>
    JSON.stringify({
      ...file,
      architecture: { ...file.architecture, vocab_size },
      tokenizer: { type: 'byte' },
    });
  const codes = (vocab_size: number) =>
    assessModel(text(vocab_size)).problems.map(({ code }) => code);
  expect(codes(512)).toContain('tokenizer.unused');
  expect(codes(258)).not.toContain('tokenizer.unused');
});
