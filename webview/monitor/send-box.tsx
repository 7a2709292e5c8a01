import { unescaped } from '../../src/core/monitor/escapes';
import { remembered } from '../../src/core/monitor/prompt-history';
import type { LineEnding } from '../../src/core/wire/monitor-messages';
import { Button, Checkbox, Dropdown } from '../ui/toolkit';
import { BaudRate } from './baud-rate';
import { controlOf } from './control-keys';
import { isPlainEnter } from './plain-enter';
import { useHistory } from './use-history';
import type { ViewProps } from './view';

const endings: Record<LineEnding, string> = {
  none: 'No line end',
  lf: 'LF',
  cr: 'CR',
  crlf: 'CR LF',
};

/** The box to type a line for the board, whatever its firmware. */
export function SendBox({ state, settings, drafts, keep, draft, post }: ViewProps) {
  const { status, baudRate } = state.connection;
  const { ending, escapes, sent } = settings;
  const { line } = drafts;
  const { recall, leave } = useHistory(sent, line, (text) => draft({ line: text }));
  const isConnected = status === 'connected';
  const meant = escapes ? unescaped(line) : { text: line };
  const problem = 'problem' in meant ? meant.problem : undefined;
  const send = () => {
    if (!isConnected || 'problem' in meant) return;
    post({ kind: 'send', text: meant.text, ending });
    keep({ sent: remembered(sent, line) });
    leave();
    draft({ line: '' });
  };
  const press = (event: KeyboardEvent) => {
    if (recall(event)) return;
    const control = isConnected ? controlOf(event) : undefined;
    if (control !== undefined) {
      event.preventDefault();
      post({ kind: 'send', text: control, ending: 'none' });
    } else if (event.key === 'Enter' && !isPlainEnter(event)) event.preventDefault();
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
        aria-invalid={problem !== undefined}
        placeholder={isConnected ? 'Text to send' : 'Text to send, once a board is connected'}
        title="Enter sends. Ctrl+D, and Ctrl+C when nothing is typed, go to the board"
        autocomplete="off"
        spellcheck={false}
        value={line}
        onInput={({ currentTarget: { value } }) => {
          leave();
          draft({ line: value });
        }}
        onKeyDown={press}
      />
      <span class="choices">
        <Dropdown
          label="Line end"
          value={endings[ending]}
          options={Object.values(endings)}
          onChange={(name) => {
            const [chosen] = Object.entries(endings).find(([, other]) => other === name) ?? [];
            if (chosen) keep({ ending: chosen as LineEnding });
          }}
        />
        <BaudRate
          baudRate={baudRate}
          onChange={(rate) => post({ kind: 'baudRate', baudRate: rate })}
        />
        <Checkbox
          label="Escapes"
          title="\n, \r, \t, \\ and \x03 in the text stand for control characters"
          checked={escapes}
          onChange={(wanted) => keep({ escapes: wanted })}
        />
        <Button
          disabled={!isConnected || problem !== undefined}
          title={isConnected ? (problem ?? 'Enter') : 'No board is connected.'}
          onClick={send}
        >
          Send
        </Button>
      </span>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
