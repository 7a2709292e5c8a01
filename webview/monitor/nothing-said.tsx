import type { HelloRecord } from '../../src/core/wire/device-records';

export interface NothingSaidProps {
  /** What the board has said of itself. */
  hello: HelloRecord | undefined;
  onSerial: () => void;
}

/** In place of what the board says, before it does. */
export function NothingSaid({ hello, onSerial }: NothingSaidProps) {
  return (
    <div class="empty">
      <p>
        {hello?.model
          ? 'The board waits for a prompt.'
          : 'What the board says appears here, token by token.'}
      </p>
      {!hello && (
        <p>
          What other programs print is in{' '}
          <button type="button" class="link" onClick={onSerial}>
            Serial
          </button>
          .
        </p>
      )}
    </div>
  );
}
