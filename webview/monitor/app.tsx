import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { LineLog } from '../../src/core/monitor/line-log';
import type { FromMonitor, ToMonitor } from '../../src/core/wire/monitor-messages';
import type { Host } from '../ui/host';
import { Header } from './header';
import { SerialView } from './serial-view';
import { settingsFrom, type Settings } from './settings';
import { SpeechView } from './speech-view';
import { firstState, received } from './state';
import { Tabs } from './tabs';
import { useDrawn } from './use-drawn';
import { noDrafts, type Drafts } from './view';

/** The token monitor: a board's output, as generated text and line by line. */
export function App({ host }: { host: Host<ToMonitor, FromMonitor> }) {
  const [state, receive] = useReducer(received, firstState);
  const [settings, setSettings] = useState(() => settingsFrom(host.kept()));
  const [drafts, setDrafts] = useState(noDrafts);
  const [log] = useState(() => new LineLog());
  const [version, setVersion] = useState(0);
  const sequence = useRef(0);
  useEffect(() => {
    const stop = host.listen((message) => {
      if (message.kind === 'items') {
        for (const item of message.items) log.push(item);
        sequence.current = message.sequence;
        setVersion((before) => before + 1);
      }
      receive(message);
    });
    host.post({ kind: 'ready' });
    return stop;
  }, [host, log]);
  // The host sends the next batch once this one is on the screen.
  useDrawn(
    version,
    useCallback(() => host.post({ kind: 'drawn', sequence: sequence.current }), [host]),
  );
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      host.keep(settings);
      host.post({ kind: 'keep', settings });
    }
    isFirst.current = false;
  }, [host, settings]);
  const keep = useCallback(
    (changes: Partial<Settings>) => setSettings((before) => ({ ...before, ...changes })),
    [],
  );
  const draft = useCallback(
    (changes: Partial<Drafts>) => setDrafts((before) => ({ ...before, ...changes })),
    [],
  );
  const post = useCallback(
    (message: FromMonitor) => {
      if (message.kind === 'prompt') receive({ kind: 'asked' });
      host.post(message);
    },
    [host],
  );
  const view = { state, settings, drafts, keep, draft, post };
  const tabs = [
    { id: 'speech', label: 'Speech', view: <SpeechView {...view} /> },
    {
      id: 'serial',
      label: 'Serial',
      view: <SerialView {...view} log={log} version={version} />,
    },
  ] as const;
  return (
    <div class="monitor">
      <Header {...view} />
      {state.failure && (
        <p class="failure" role="alert">
          {state.failure}{' '}
          <button type="button" class="link" onClick={() => receive({ kind: 'read' })}>
            Dismiss
          </button>
        </p>
      )}
      <Tabs tabs={tabs} chosen={settings.tab} onChoose={(tab) => keep({ tab })} />
    </div>
  );
}
