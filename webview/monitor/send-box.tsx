import { remembered } from '../../src/core/monitor/prompt-history';
import type { LineEnding } from '../../src/core/wire/monitor-messages';
import { Button, Dropdown } from '../ui/toolkit';
import { useHistory } from './use-history';
import type { ViewProps } from './view';

/** Without 1200, which programs of the pico-sdk take as the wish to go to the boot loader. */
const baudRates = [
  300, 2400, 4800, 9600, 19200, 38400, 57600, 74880, 115200, 230400, 250000, 460800, 500000, 921600,
  1000000, 2000000,
];
const endings: Record<LineEnding, string> = {
  none: 'No line end',
  lf: 'LF',
  cr: 'CR',
  crlf: 'CR LF',
};

/** Where a line is typed for the board, whatever its firmware. */
export function SendBox({ state, settings, drafts, keep, draft, post }: ViewProps) {
  const { status, baudRate } = state.connection;
  const { recall, leave } = useHistory(settings.sent, drafts.line, (line) => draft({ line }));
  const isConnected = status === 'connected';
  const send = () => {
    if (!isConnected) return;
    post({ kind: 'send', text: drafts.line, ending: settings.ending });
    keep({ sent: remembered(settings.sent, drafts.line) });
    leave();
    draft({ line: '' });
  };
  const rates = [...new Set([...baudRates, baudRate])].sort((a, b) => a - b);
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
        placeholder={isConnected ? 'Text to send' : 'Text to send, once a board is connected'}
        autocomplete="off"
        spellcheck={false}
        value={drafts.line}
        onInput={({ currentTarget: { value: line } }) => {
          leave();
          draft({ line });
        }}
        onKeyDown={recall}
      />
      <span class="choices">
        <Dropdown
          label="Line end"
          value={endings[settings.ending]}
          options={Object.values(endings)}
          onChange={(name) => {
            const [ending] = Object.entries(endings).find(([, other]) => other === name) ?? [];
            if (ending) keep({ ending: ending as LineEnding });
          }}
        />
        <Dropdown
          label="Baud rate"
          value={`${baudRate} baud`}
          options={rates.map((rate) => `${rate} baud`)}
          onChange={(rate) => post({ kind: 'baudRate', baudRate: parseInt(rate, 10) })}
        />
        <Button
          disabled={!isConnected}
          title={isConnected ? 'Enter' : 'No board is connected.'}
          onClick={send}
        >
          Send
        </Button>
      </span>
    </form>
  );
}
