import { coreCount, fileSize } from '../../src/core/text';
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

/** Length of a detail from which on it may need scrolling, and gets keyboard focus for that. */
const longDetail = 150;

/** The chosen board and the state of its connection. */
export function Header({ state: { boards, connection }, post }: ViewProps) {
  const { status, board, detail } = connection;
  const listens = status !== 'none' && status !== 'replaying';
  // A board that is not plugged in stays chosen.
  const isListed = !board || boards.some(({ id }) => id === board.id);
  const choices = isListed ? boards : [board, ...boards];
  const names = namesOf(choices);
  const chosen = choices.findIndex(({ id }) => id === board?.id);
  const connect = () => post({ kind: 'connect' });
  return (
    <header>
      <h1 class="unseen">Token monitor</h1>
      <div class="connection">
        <Dropdown
          label="Board"
          value={names[chosen] ?? ''}
          options={names}
          onChange={(name) => {
            const wanted = choices[names.indexOf(name)];
            if (wanted) post({ kind: 'choose', board: wanted.id });
          }}
        />
        <span class={`status ${status}`} role="status">
          {statusNames[status]}
        </span>
        <span class="actions">
          {status === 'failed' && (
            <Button appearance="primary" onClick={connect}>
              Try Again
            </Button>
          )}
          {listens ? (
            <Button title="Let the port go" onClick={() => post({ kind: 'disconnect' })}>
              Disconnect
            </Button>
          ) : (
            <Button
              appearance="primary"
              title={
                status === 'replaying'
                  ? 'Leave the recorded session and listen to the board'
                  : 'Listen to the chosen board'
              }
              onClick={connect}
            >
              Connect
            </Button>
          )}
          {wantsModel(connection) && (
            <Button
              appearance="primary"
              title="Bring a model onto the board"
              onClick={() => post({ kind: 'flash' })}
            >
              Build & Flash
            </Button>
          )}
          <Button title="Show a session that was saved" onClick={() => post({ kind: 'replay' })}>
            Replay...
          </Button>
        </span>
      </div>
      {detail && status !== 'none' && (
        <p class={`detail ${status}`} tabIndex={detail.length > longDetail ? 0 : undefined}>
          {detail}
        </p>
      )}
      <Facts connection={connection} />
    </header>
  );
}

/**
 * Whether a board of ours waits for a model: in its boot loader, empty, or with a model it cannot
 * run.
 */
function wantsModel({ status, board, hello }: MonitorConnection): boolean {
  if (status === 'replaying' || status === 'lent') return false;
  if (hello) return hello.model === undefined;
  return board?.kind === 'bootloader' || (board?.kind === 'virtual' && status === 'searching');
}

/** What the board's hello reports. */
function Facts({ connection: { hello } }: { connection: MonitorConnection }) {
  if (!hello) return null;
  const { model, image, board, clock_mhz, core_millivolts, clock, cores, firmware, memory } = hello;
  const volts = core_millivolts === undefined ? '' : ` at ${(core_millivolts / 1000).toFixed(2)} V`;
  const facts = [
    ...(model === undefined ? [] : [['Model', model.slice(0, 8), model]]),
    ['Board', board, `Firmware ${firmware}`],
    ['Clock', `${clock_mhz} MHz`, `${coreCount(cores)}${volts}`],
    ...(memory.free === undefined
      ? []
      : [['SRAM free', fileSize(memory.free), `${memory.free} bytes`]]),
  ];
  return (
    <>
      <dl class="facts" data-testid="facts">
        {facts.map(([name, value, title]) => (
          <div key={name} title={title}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {clock !== undefined && clock !== 'ok' && (
        <p class="detail failed">Wrong clock: {clock}. Build with another target.clock_mhz.</p>
      )}
      {model === undefined && (
        <p class="detail failed">No model: {image}. Flash one to let the board speak.</p>
      )}
    </>
  );
}

/** Labels to choose by; boards with the same name get numbers. */
function namesOf(boards: readonly MonitorBoard[]): string[] {
  const names: string[] = [];
  for (const { label, detail } of boards) {
    const name = detail ? `${label} (${detail})` : label;
    const alike = names.filter((other) => other === name || other.startsWith(`${name} #`)).length;
    names.push(alike === 0 ? name : `${name} #${alike + 1}`);
  }
  return names;
}
