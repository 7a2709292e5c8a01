import type { LineTimes } from '../../src/core/monitor/line-time';
import type { LineEnding } from '../../src/core/wire/monitor-messages';

/** What the view remembers over a reload. */
export interface Settings {
  tab: 'speech' | 'serial';
  /** Prompts, and lines that were sent: the last at the end. */
  history: readonly string[];
  sent: readonly string[];
  /** As typed: empty where the board's own default is to be used. */
  sampling: Readonly<Record<SamplingField, string>>;
  samplingOpen: boolean;
  compare: boolean;
  /** What this computer says stands beside what the board says, also while both agree. */
  sideBySide: boolean;
  ending: LineEnding;
  /** Escapes in a line that is sent stand for control characters. */
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

/** The board's own, whatever it is. */
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

/** Settings that an earlier page has kept; what another version has kept otherwise is left out. */
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

/** The least and the most that the firmware takes. */
const limits: Record<SamplingField, { least: number; most: number; whole: boolean }> = {
  tokens: { least: 1, most: 4_294_967_295, whole: true },
  temperature: { least: 0, most: 10, whole: false },
  top_k: { least: 0, most: 4_294_967_295, whole: true },
  top_p: { least: 0, most: 1, whole: false },
  seed: { least: 0, most: 4_294_967_295, whole: true },
};

/** The number that was typed; undefined where nothing was; or what is wrong with it. */
export function samplingNumber(
  field: SamplingField,
  typed: string,
): number | undefined | { problem: string } {
  if (typed.trim() === '') return undefined;
  // People of many countries write a comma.
  const value = Number(typed.replace(',', '.'));
  const { least, most, whole } = limits[field];
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  return { problem: `${samplingNames[field]} is ${kind} from ${least} to ${most}.` };
}
