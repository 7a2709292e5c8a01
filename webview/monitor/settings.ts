import type { LineEnding } from '../../src/core/wire/monitor-messages';

/** What the view remembers over a reload. */
export interface Settings {
  tab: 'speech' | 'serial';
  history: readonly string[];
  /** As typed: empty where the board's own default is to be used. */
  sampling: Readonly<Record<SamplingField, string>>;
  compare: boolean;
  ending: LineEnding;
  timestamps: boolean;
  pretty: boolean;
}

export const samplingFields = ['tokens', 'temperature', 'top_k', 'top_p', 'seed'] as const;
export type SamplingField = (typeof samplingFields)[number];

export const defaultSettings: Settings = {
  tab: 'speech',
  history: [],
  sampling: { tokens: '', temperature: '', top_k: '', top_p: '', seed: '' },
  compare: true,
  ending: 'lf',
  timestamps: true,
  pretty: true,
};

/** Settings that an earlier page has kept; those of another version are left alone. */
export function settingsFrom(kept: unknown): Settings {
  return typeof kept === 'object' && kept !== null
    ? { ...defaultSettings, ...(kept as Partial<Settings>) }
    : defaultSettings;
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
  const value = Number(typed);
  const { least, most, whole } = limits[field];
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  return { problem: `${field} is ${kind} from ${least} to ${most}.` };
}
