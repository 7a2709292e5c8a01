import type { LineTimes } from '../../src/core/monitor/line-time';
import type { LineEnding } from '../../src/core/wire/monitor-messages';

/** Settings that the view keeps over a reload. */
export interface Settings {
  tab: 'speech' | 'serial';
  /** Prompts, and lines that the user has sent: the last at the end. */
  history: readonly string[];
  sent: readonly string[];
  /** As typed: empty to use the board's own default. */
  sampling: Readonly<Record<SamplingField, string>>;
  samplingOpen: boolean;
  compare: boolean;
  /** Show the host's text beside the board's, even while both are equal. */
  sideBySide: boolean;
  ending: LineEnding;
  /** Send escapes in a line as control characters. */
  escapes: boolean;
  times: LineTimes;
  pretty: boolean;
}

export const samplingFields = ['tokens', 'temperature', 'top_k', 'top_p', 'seed'] as const;
export type SamplingField = (typeof samplingFields)[number];

export const samplingNames: Record<SamplingField, string> = {
  tokens: 'Tokens',
  temperature: 'Temperature',
  top_k: 'Top-k',
  top_p: 'Top-p',
  seed: 'Seed',
};

/** Use the board's own default. */
export const noSampling: Settings['sampling'] = {
  tokens: '',
  temperature: '',
  top_k: '',
  top_p: '',
  seed: '',
};

export const defaultSettings: Settings = {
  tab: 'speech',
  history: [],
  sent: [],
  sampling: noSampling,
  samplingOpen: false,
  compare: true,
  sideBySide: false,
  ending: 'lf',
  escapes: false,
  times: 'clock',
  pretty: true,
};

/**
 * Reads settings that an earlier page has kept; ignores values that another version kept in other
 * forms.
 */
export function settingsFrom(kept: unknown): Settings {
  if (typeof kept !== 'object' || kept === null) return defaultSettings;
  const known = Object.entries(kept).filter(
    ([name, value]) =>
      Object.hasOwn(defaultSettings, name) &&
      typeof value === typeof defaultSettings[name as keyof Settings] &&
      Array.isArray(value) === Array.isArray(defaultSettings[name as keyof Settings]),
  );
  const settings = { ...defaultSettings, ...(Object.fromEntries(known) as Partial<Settings>) };
  return { ...settings, sampling: { ...noSampling, ...settings.sampling } };
}

/** The least and the greatest value that the firmware accepts. */
const limits: Record<SamplingField, { least: number; most: number; whole: boolean }> = {
  tokens: { least: 1, most: 4_294_967_295, whole: true },
  temperature: { least: 0, most: 10, whole: false },
  top_k: { least: 0, most: 4_294_967_295, whole: true },
  top_p: { least: 0, most: 1, whole: false },
  seed: { least: 0, most: 4_294_967_295, whole: true },
};

/** The number that the user typed; undefined when empty; or its problem. */
export function samplingNumber(
  field: SamplingField,
  typed: string,
): number | undefined | { problem: string } {
  if (typed.trim() === '') return undefined;
  // In many languages the decimal separator is a comma.
  const value = Number(typed.replace(',', '.'));
  const { least, most, whole } = limits[field];
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  return { problem: `${samplingNames[field]} is ${kind} from ${least} to ${most}.` };
}
