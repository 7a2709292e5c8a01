import type { MonitorItem } from '../../core/wire/monitor-messages';
import type { BoardLink } from '../../node/board/link/board-link';
import type { LinkState } from '../../node/board/link/link-state';
import type { Disposer } from '../../node/board/listeners';
import { Recorder } from '../../node/board/monitor/recording';

/** Hears one board: every byte goes to the recording, and what it means to `show`. */
export class Listening {
  private readonly ends: Disposer[];

  constructor(
    readonly link: BoardLink,
    private readonly recorder: Recorder,
    private readonly show: (item: MonitorItem) => void,
    onState: (state: LinkState) => void,
  ) {
    this.ends = [
      link.onData((bytes) => recorder.write({ at: Date.now(), kind: 'received', bytes })),
      link.onSent((bytes) => this.hearSent(bytes)),
      link.onRecord((record) => show({ at: Date.now(), kind: 'record', record })),
      link.onText((text) => show({ at: Date.now(), kind: 'text', text })),
      link.onState((state) => {
        this.note(stateInWords(state));
        onState(state);
      }),
    ];
    link.connect();
  }

  /** Hears no more. The connection stays with its link. */
  end(): void {
    for (const end of this.ends) end();
  }

  private hearSent(bytes: Uint8Array): void {
    this.recorder.write({ at: Date.now(), kind: 'sent', bytes });
    const line = Buffer.from(bytes)
      .toString()
      .replace(/\r?\n$/, '');
    // Empty ones only end what somebody else may have left half typed.
    if (line !== '') this.show({ at: Date.now(), kind: 'sent', line });
  }

  private note(text: string): void {
    this.recorder.write({ at: Date.now(), kind: 'note', text });
    this.show({ at: Date.now(), kind: 'note', text });
  }
}

/** What has become of a connection. */
export function stateInWords(state: LinkState): string {
  switch (state.status) {
    case 'connected':
      return `Connected to ${state.name}.`;
    case 'searching':
      return 'The board is not there; waiting for it.';
    case 'lent':
      return `The port is in use: ${state.to}.`;
    case 'failed':
      return `${state.error.message} ${state.error.remedy}`;
    case 'closed':
      return 'Disconnected.';
  }
}
