import { describe, expect, it } from 'vitest';
import { cyclesPerToken } from '../../../src/core/estimate/cycles';
import { describeLimits, timeShares, type Spent } from '../../../src/core/estimate/limits';
import { withDefaults } from '../../../src/core/model/defaults';
import { findPreset } from '../../../src/core/model/presets';

const config = withDefaults(findPreset('rp2040-speed')!.file, 'limits');

/** 40 tokens of 100,000 cycles: 4 million, of 5 million in 25,000 microseconds at 200 MHz. */
const done: Spent = {
  ...{ tokens: 29, prompt_tokens: 10, reason: 'end-of-text' },
  ...{ microseconds: 25_000, cycles_per_token: 100_000 },
};

describe('what limits the speed', () => {
  it('is sending where the time is longer than the cycles that were computed', () => {
    expect(timeShares(done, 200).usb).toBeCloseTo(0.2, 12);
    // The token that ends the text is run and not spoken; without it there are 39.
    expect(timeShares({ ...done, reason: 'token-limit' }, 200).usb).toBeCloseTo(0.22, 12);
    expect(timeShares({ ...done, microseconds: 100 }, 200).usb).toBe(0);
    expect(timeShares({ ...done, microseconds: 0 }, 200).usb).toBe(0);
  });

  it('has the parts of the estimate at the mean context', () => {
    const shares = timeShares(done, 200, config);
    const { parts, total } = cyclesPerToken(config, 21);
    expect(shares.matrices).toBeCloseTo((0.8 * parts.matrices) / total, 12);
    expect(shares.activations).toBeCloseTo((0.8 * parts.feed_forward) / total, 12);
    const sum = Object.values(shares).reduce((all, share) => all + share, 0);
    expect(sum).toBeCloseTo(1, 12);
  });

  it('does not ask for a context that the model does not have', () => {
    const long = timeShares({ ...done, tokens: 2000, microseconds: 1e7 }, 200, config);
    const { parts, total } = cyclesPerToken(config, config.architecture.max_seq_len);
    expect(long.attention! / (1 - long.usb)).toBeCloseTo(parts.attention / total, 12);
  });

  it('is told in one line, with the largest parts first', () => {
    const shares = {
      ...{ matrices: 0.52, attention: 0.31, activations: 0.04, norms: 0.02, sampling: 0.08 },
      ...{ flash: 0, usb: 0.03 },
    };
    expect(describeLimits(shares)).toBe(
      'Time goes into matrices (52 %), attention (31 %), sampling (8 %); USB 3 %.',
    );
    expect(describeLimits({ ...shares, matrices: 0.05, usb: 0.5 })).toBe(
      'Time goes into USB (50 %), attention (31 %), sampling (8 %).',
    );
    expect(describeLimits({ usb: 0.034 })).toBe(
      'USB takes 3 % of the time; the rest is computing.',
    );
  });
});
