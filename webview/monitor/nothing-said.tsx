import type { HelloRecord } from '../../src/core/wire/device-records';

export interface NothingSaidProps {
  /** The board's hello. */
  hello: HelloRecord | undefined;
  onSerial: () => void;
}

/** Stands in place of the board's output until there is some. */
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
