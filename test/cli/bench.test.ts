import { describe, expect, it } from 'vitest';
import { untrainedRun } from '../support/untrained-run';
import { jsonOf, smallModel, starmind } from './starmind';

interface Reported {
  cycles_per_token: number;
  context: number;
  by_part: Record<string, number>[];
  by_context: { context: number; cycles: number }[];
  kernels: { name: string; rows: number; cols: number; cycles_per_mac: number }[];
  barrier: number;
  emulated: boolean;
}

describe('bench', () => {
  it.each([
    [[], 'usage', 'No model is named.'],
    [['runs/a', '--preset', 'demo'], 'usage', 'Both the run runs/a and the preset demo'],
    [['--preset', 'demo', '--board', '/dev/ttyACM0'], 'usage', '/dev/ttyACM0'],
    [['--preset', 'dmo'], 'preset.unknown', 'There is no preset "dmo".'],
  ])('refuses %j by name', async (args, code, message) => {
    const outcome = await starmind(['bench', ...args, '--json']);
    expect(outcome.status).toBe(2);
    const { error } = jsonOf(outcome) as { error: Record<string, string> };
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.remedy).not.toBe('');
  });

  it('measures a run by part, by context and by matrix', async ({ skip }) => {
    const run = await untrainedRun({ ...smallModel, version: 1 });
    const outcome = await starmind(['bench', run.path, '--json']);
    if (outcome.status === 3) skip(outcome.stderr);
    const report = jsonOf(outcome) as unknown as Reported;
    expect(report).toMatchObject({ context: 24, emulated: true });
    expect(report.by_context.map(({ context }) => context)).toEqual([1, 2, 4, 8, 16, 32, 48]);
    // Every position costs something; the first one also sets the scales of the cache.
    const cycles = report.by_context.slice(1).map((point) => point.cycles);
    expect(cycles).toEqual([...cycles].sort((one, other) => one - other));
    expect(report.kernels.map(({ name, rows, cols }) => [name, rows, cols])).toEqual([
      ...[
        ['query', 16, 16],
        ['key', 16, 16],
        ['value', 16, 16],
        ['output', 16, 16],
      ],
      ...[
        ['gate', 32, 16],
        ['up', 32, 16],
        ['down', 16, 32],
        ['classifier', 128, 16],
      ],
    ]);
    expect(report.barrier).toBeLessThan(100);
    // The parts are measured one by one, and add up to the token that is measured whole.
    const [middle] = report.by_part;
    const { context: measuredAt, ...parts } = middle ?? {};
    expect(measuredAt).toBe(24);
    const sum = Object.values(parts).reduce((total, part) => total + part, 0);
    expect(sum / report.cycles_per_token).toBeCloseTo(1, 1);
  });
});
