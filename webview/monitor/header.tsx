import { fileSize } from '../../src/core/text';
import type { MonitorBoard, MonitorConnection } from '../../src/core/wire/monitor-messages';
import { Button, Dropdown } from '../ui/toolkit';
import type { ViewProps } from './view';

const statusNames: Record<MonitorConnection['status'], string> = {
  none: 'Disconnected',
  searching: 'Waiting for the board',
  connected: 'Connected',
  lent: 'Port in use',
  failed: 'Cannot connect',
  replaying: 'Recorded session',
};

/** Which board is listened to, and how that stands. */
export function Header({ state: { boards, connection }, post }: ViewProps) {
  const { status, board, detail, hello } = connection;
  const listens = status !== 'none' && status !== 'replaying';
  const names = boards.map(nameOf);
  const chosen = board ? nameOf(board) : '';
  // A board that is not plugged in stays chosen.
  const options = chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
  return (
    <header>
      <h1 class="unseen">Token monitor</h1>
      <div class="connection">
        <Dropdown
          label="Board"
          value={chosen}
          options={options}
          onChange={(name) => {
            const wanted = boards.find((other) => nameOf(other) === name);
            if (wanted) post({ kind: 'choose', board: wanted.id });
          }}
        />
        <span class={`status ${status}`} role="status">
          {statusNames[status]}
        </span>
        {listens ? (
          <Button title="Let the port go" onClick={() => post({ kind: 'disconnect' })}>
            Disconnect
          </Button>
        ) : (
          <Button
            appearance="primary"
            title="Listen to the chosen board"
            onClick={() => post({ kind: 'choose', board: board?.id ?? 'virtual' })}
          >
            Connect
          </Button>
        )}
        <Button title="Show a session that was saved" onClick={() => post({ kind: 'replay' })}>
          Replay...
        </Button>
      </div>
      {detail && status !== 'none' && <p class="detail">{detail}</p>}
      {hello && (
        <p class="facts" data-testid="facts">
          {hello.model ? `Model ${hello.model.slice(0, 8)}` : `No model: ${hello.image}`} ·{' '}
          {hello.board} at {hello.clock_mhz} MHz
          {hello.memory.free !== undefined && ` · ${fileSize(hello.memory.free)} of SRAM free`}
        </p>
      )}
    </header>
  );
}

/** Boards of one label are told apart by where they are. */
function nameOf({ label, detail }: MonitorBoard): string {
  return detail ? `${label} (${detail})` : label;
}
