import type { FromMonitor } from '../../src/core/wire/monitor-messages';
import type { Settings } from './settings';
import type { MonitorState } from './state';

/** What every part of the monitor is given. */
export interface ViewProps {
  state: MonitorState;
  settings: Settings;
  /** Changes settings, which are remembered. */
  keep: (changes: Partial<Settings>) => void;
  post: (message: FromMonitor) => void;
}
