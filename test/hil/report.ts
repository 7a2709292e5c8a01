import type { HelloRecord } from '../../src/core/wire/device-records';
import type { BoardUnderTest } from './hil';
import type { Surroundings } from './surroundings';

export interface ParityResult {
  model: string;
  tokens: number;
  /** Index of the first token that differs from the golden file; null: all agree. */
  differs_at: number | null;
  tokens_per_second: number;
}

export interface CyclesResult {
  model: string;
  /** Subject of the measurement: a kernel, a token at a context, or the sampler. */
  what: string;
  real: number;
  emulated: number;
  /** emulated / real - 1 */
  error: number;
}

/** A measurement that one side has not made. */
export interface UnmatchedResult {
  model: string;
  what: string;
  missing: 'real' | 'emulated';
}

/** The results of one model. */
export interface ModelResult {
  parity: ParityResult;
  cycles: readonly CyclesResult[];
  unmatched: readonly UnmatchedResult[];
}

export interface HilReport extends Surroundings {
  board: string;
  clock_mhz: number;
  /** Null for a board that reports none. */
  serial_number: string | null;
  port: string | null;
  firmware: string | null;
  /** Number of models to test. */
  models: number;
  parity: ParityResult[];
  cycles: CyclesResult[];
  unmatched: UnmatchedResult[];
  /** Mean and worst size of the errors of whole tokens. */
  token_error: { mean: number; worst: number };
  /** All models were tested, generated the golden tokens, and were measured on both sides. */
  passed: boolean;
}

/** Facts about the board and its place. */
interface Known {
  surroundings: Surroundings;
  place: BoardUnderTest['place'];
  hello: HelloRecord | undefined;
}

/** The report on the models that have been tested so far. */
export function reportOf(
  results: readonly ModelResult[],
  models: number,
  { surroundings, place, hello }: Known,
): HilReport {
  const parity = results.map((result) => result.parity);
  const cycles = results.flatMap((result) => result.cycles);
  const unmatched = results.flatMap((result) => result.unmatched);
  const tokens = cycles
    .filter(({ what }) => what.startsWith('token'))
    .map(({ error }) => Math.abs(error));
  const speaksWell = parity.every(({ differs_at }) => differs_at === null);
  return {
    ...surroundings,
    board: hello?.board ?? '',
    clock_mhz: hello?.clock_mhz ?? 0,
    serial_number: place.serialNumber ?? null,
    port: place.port ?? null,
    firmware: hello?.firmware ?? null,
    models,
    parity,
    cycles,
    unmatched,
    token_error: {
      mean: tokens.reduce((sum, error) => sum + error, 0) / Math.max(1, tokens.length),
      worst: Math.max(0, ...tokens),
    },
    passed: parity.length === models && speaksWell && unmatched.length === 0,
  };
}

/** The report in readable form. */
export function reportText(report: HilReport): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const parity = report.parity.map(({ model, tokens, differs_at, tokens_per_second }) => {
    const compared = differs_at === null ? 'identical' : `differs from token ${differs_at} on`;
    return `| ${model} | ${tokens} | ${compared} | ${tokens_per_second.toFixed(1)} |`;
  });
  const cycles = report.cycles.map(
    ({ model, what, real, emulated, error }) =>
      `| ${model} | ${what} | ${real} | ${emulated} | ${percent(error)} |`,
  );
  const unmatched = report.unmatched.map(
    ({ model, what, missing }) =>
      `- ${model}, ${what}: ${missing === 'real' ? 'the board' : 'the virtual Pico'} has not measured it.`,
  );
  return [
    `# ${report.board} at ${report.clock_mhz} MHz: ${report.passed ? 'passed' : 'failed'}`,
    '',
    `- Board: ${report.serial_number ?? 'no serial number'}, at ${report.port ?? 'no port'}`,
    `- Firmware ${report.firmware ?? 'unknown'}, commit ${report.commit ?? 'unknown'}`,
    `- ${report.date}, ${report.host}`,
    `- ${report.parity.length} of ${report.models} models tested`,
    ...unmatched,
    '',
    '| model | tokens | against the golden file | tokens a second |',
    '| --- | ---: | --- | ---: |',
    ...parity,
    '',
    `Emulated against real cycles of whole tokens: mean error ${percent(report.token_error.mean)}, worst ${percent(report.token_error.worst)}.`,
    '',
    '| model | what | real | emulated | error |',
    '| --- | --- | ---: | ---: | ---: |',
    ...cycles,
    '',
  ].join('\n');
}
