import type { FromMonitor } from '../../src/core/wire/monitor-messages';
import type { Settings } from './settings';
import type { MonitorState } from './state';

/** What is typed and not sent yet: it stays while another tab is shown. */
export interface Drafts {
  prompt: string;
  line: string;
  filter: string;
}

export const noDrafts: Drafts = { prompt: '', line: '', filter: '' };

/** What every part of the monitor is given. */
export interface ViewProps {
  state: MonitorState;
  settings: Settings;
  drafts: Drafts;
  /** Changes settings, which are remembered. */
  keep: (changes: Partial<Settings>) => void;
  draft: (changes: Partial<Drafts>) => void;
  post: (message: FromMonitor) => void;
}
