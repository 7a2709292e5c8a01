import { useMemo, useState } from 'preact/hooks';
import { FilteredLines, lineTest } from '../../src/core/monitor/line-filter';
import type { Line, LineLog } from '../../src/core/monitor/line-log';
import { recordText } from '../../src/core/monitor/record-text';
import { visibleText } from '../../src/core/monitor/visible-text';
import { grouped } from '../../src/core/text';
import type { LineEnding } from '../../src/core/wire/monitor-messages';
import { Button, Checkbox, Dropdown, TextField } from '../ui/toolkit';
import { LineList } from './line-list';
import type { ViewProps } from './view';

const baudRates = [300, 1200, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600];
const endings: Record<LineEnding, string> = {
  none: 'No line end',
  lf: 'LF',
  cr: 'CR',
  crlf: 'CR LF',
};

export interface SerialViewProps extends ViewProps {
  log: LineLog;
  /** Grows whenever the log does. */
  version: number;
}

/** Everything that goes over the wire, line by line. */
export function SerialView(props: SerialViewProps) {
  const { state, settings, keep, post, log, version } = props;
  const [query, setQuery] = useState('');
  const [cleared, setCleared] = useState(0);
  const test = useMemo(() => lineTest(query), [query]);
  const textOf = useMemo(() => shownText(settings.pretty), [settings.pretty]);
  const filtered = useMemo(
    () => (typeof test === 'function' ? new FilteredLines(log, textOf, test) : undefined),
    [log, textOf, test, cleared],
  );
  const numbers = useMemo(() => filtered?.update(), [filtered, version, cleared]);
  const count = numbers ? numbers.length : log.end - log.first;
  const numberAt = (index: number) => (numbers ? (numbers[index] ?? -1) : log.first + index);
  const problem = typeof test === 'object' ? test.problem : undefined;
  const copy = () => {
    const lines: string[] = [];
    for (let index = 0; index < count; index++) {
      const line = log.at(numberAt(index));
      if (line) lines.push(textOf(line));
    }
    void navigator.clipboard.writeText(lines.join('\n'));
  };
  return (
    <div class="serial">
      <div class="tools">
        <TextField
          label="Filter"
          placeholder="Filter: text or /expression/"
          value={query}
          onInput={setQuery}
          onCommit={setQuery}
        />
        <span class="count" data-testid="count">
          {numbers ? `${grouped(count)} of ${grouped(log.end - log.first)}` : grouped(count)} lines
        </span>
        <Checkbox
          label="Times"
          checked={settings.timestamps}
          onChange={(timestamps) => keep({ timestamps })}
        />
        <Checkbox
          label="Records in words"
          checked={settings.pretty}
          onChange={(pretty) => keep({ pretty })}
        />
        <Button title="Copy all lines that are shown" onClick={copy}>
          Copy
        </Button>
        <Button
          title="Empty this view; the log keeps everything"
          onClick={() => {
            log.clear();
            setCleared((before) => before + 1);
          }}
        >
          Clear
        </Button>
        <Button
          title="Save everything since the monitor was opened"
          onClick={() => post({ kind: 'saveLog' })}
        >
          Save Log...
        </Button>
      </div>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <LineList
        count={count}
        version={version + cleared}
        lineAt={(index) => log.at(numberAt(index))}
        keyAt={numberAt}
        textOf={textOf}
        timestamps={settings.timestamps}
      />
      <SendBox {...props} />
      <div class="rate">
        <Dropdown
          label="Baud rate"
          value={String(state.connection.baudRate)}
          options={baudRates.map(String)}
          onChange={(rate) => post({ kind: 'baudRate', baudRate: Number(rate) })}
        />
        <span>baud; USB ports take any</span>
      </div>
    </div>
  );
}

function SendBox({ state, settings, keep, post }: ViewProps) {
  const [typed, setTyped] = useState('');
  const connected = state.connection.status === 'connected';
  const send = () => {
    if (!connected) return;
    post({ kind: 'send', text: typed, ending: settings.ending });
    setTyped('');
  };
  return (
    <form
      class="send-box"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <input
        type="text"
        aria-label="Text to send"
        placeholder="Text to send"
        value={typed}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <Dropdown
        label="Line end"
        value={endings[settings.ending]}
        options={Object.values(endings)}
        onChange={(name) => {
          const [ending] = Object.entries(endings).find(([, other]) => other === name) ?? [];
          if (ending) keep({ ending: ending as LineEnding });
        }}
      />
      <Button disabled={!connected} onClick={send}>
        Send
      </Button>
    </form>
  );
}

/** What is shown of a line. */
function shownText(pretty: boolean): (line: Line) => string {
  return ({ text, record }) => (pretty && record ? recordText(record) : visibleText(text));
}
