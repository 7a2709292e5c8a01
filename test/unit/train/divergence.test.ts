import { describe, expect, test } from 'vitest';
import { DivergenceWatch } from '../../../src/core/train/divergence';

/** A watch over a vocabulary of 1,024 tokens, whose uniform guess costs 6.93 nats. */
function watchOver(losses: readonly number[]): DivergenceWatch {
  const watch = new DivergenceWatch(1024);
  for (const loss of losses) watch.add(loss, 'float');
  return watch;
}

const steps = (count: number, loss: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => loss(index));

describe('a training', () => {
  test('that learns with noise is on its way', () => {
    const watch = watchOver(
      steps(2000, (i) => 2 + 4.9 * Math.exp(-i / 300) + 0.8 * Math.sin(i * 12.9898)),
    );
    expect([watch.isDoubtful, watch.isLost]).toEqual([false, false]);
  });

  test('that loses half of what it had learnt is lost, and doubtful before', () => {
    const learnt = steps(300, () => 3);
    expect(watchOver([...learnt, ...steps(50, () => 3.9)]).isDoubtful).toBe(false);
    const doubtful = watchOver([...learnt, ...steps(50, () => 4.2)]);
    expect([doubtful.isDoubtful, doubtful.isLost]).toEqual([true, false]);
    expect(watchOver([...learnt, ...steps(50, () => 5.1)]).isLost).toBe(true);
  });

  test('that has learnt nothing yet may waver', () => {
    expect(watchOver(steps(200, (i) => 7 + 0.5 * Math.sin(i / 3))).isLost).toBe(false);
  });

  test('whose loss is no number is lost at once', () => {
    expect(watchOver([6, 5, NaN]).isLost).toBe(true);
  });

  test('may begin anew where the arithmetic changes', () => {
    const watch = watchOver(steps(300, () => 2));
    for (let step = 0; step < 60; step++) watch.add(5, 'device');
    expect(watch.isLost).toBe(false);
  });
});
