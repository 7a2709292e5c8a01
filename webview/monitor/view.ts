import type { FromMonitor } from '../../src/core/wire/monitor-messages';
import type { Settings } from './settings';
import type { MonitorState } from './state';

/** Text that the user has typed and not sent: it stays while another tab is shown. */
export interface Drafts {
  prompt: string;
  line: string;
  filter: string;
}

export const noDrafts: Drafts = { prompt: '', line: '', filter: '' };

/** Properties that every part of the monitor receives. */
export interface ViewProps {
  state: MonitorState;
  settings: Settings;
  drafts: Drafts;
  /** Changes settings and remembers them. */
  keep: (changes: Partial<Settings>) => void;
  draft: (changes: Partial<Drafts>) => void;
  post: (message: FromMonitor) => void;
}
