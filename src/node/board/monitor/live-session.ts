import type { GenerateRequest } from '../../../core/wire/commands';
import type { DoneRecord, HelloRecord } from '../../../core/wire/device-records';
import type { MonitorItem } from '../../../core/wire/monitor-messages';
import { boardAway, boardFull } from '../board-errors';
import type { BoardLink } from '../link/board-link';
import type { LinkState } from '../link/link-state';
import { Listeners, type Disposer, type Listener } from '../listeners';
import { generate, waitForHello } from '../session';
import { itemsOf, sentItems } from './items';
import type { SessionRecorder } from './session-recorder';

export interface LiveOptions {
  /** The board does not notice that a port opens: ask it for its hello. */
  isAsked?: boolean;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** The traffic of one board since it was chosen: recorded, and reported as items. */
export class LiveSession {
  private readonly items = new Listeners<MonitorItem>();
  private readonly changes = new Listeners<void>();
  private readonly ends: Disposer[];
  private readonly isAsked: boolean;
  private readonly now: () => number;
  /** False while the board may still be generating: its tokens do not answer the next prompt. */
  private isIdle = true;

  /** @param recorder gets all traffic; absent when no file can be written */
  constructor(
    readonly link: BoardLink,
    readonly recorder: SessionRecorder | undefined,
    { isAsked = false, now = Date.now }: LiveOptions = {},
  ) {
    this.isAsked = isAsked;
    this.now = now;
    this.ends = [
      link.onData((bytes) => recorder?.record({ at: now(), kind: 'data', bytes })),
      link.onSent((bytes) => this.sent(bytes)),
      link.onRecord((record) => {
        if (record.record === 'hello') this.changes.emit();
      }),
      itemsOf(link, now, (item) => this.items.emit(item)),
      link.onState((state) => this.follow(state)),
    ];
    const failed = recorder?.onFailed(({ message }) => this.note(`The log ends here. ${message}`));
    if (failed) this.ends.push(failed);
  }

  /** The board's hello; undefined while it is absent, or runs other firmware. */
  get hello(): HelloRecord | undefined {
    return this.link.hello;
  }

  onItem(listener: Listener<MonitorItem>): Disposer {
    return this.items.add(listener);
  }

  /** Calls back when the link has another state, or the board has sent its hello. */
  onChange(listener: Listener<void>): Disposer {
    return this.changes.add(listener);
  }

  /** @throws StarmindError `board.away`, `board.full` */
  send(bytes: Uint8Array): void {
    const { link } = this;
    if (link.write(bytes)) return;
    throw link.state.status === 'connected' ? boardFull(link.name) : boardAway(link.name);
  }

  /**
   * Sends the board a prompt.
   *
   * @param onReady called with the board's hello, before it generates
   * @throws StarmindError `board.*`
   */
  prompt(
    request: GenerateRequest,
    onReady: (hello: HelloRecord) => void,
    stop: AbortSignal,
  ): Promise<DoneRecord> {
    return this.link.converse(async (board, signal) => {
      const known = this.isIdle ? this.hello : undefined;
      const hello = known ?? (await waitForHello(board, undefined, signal));
      onReady(hello);
      this.isIdle = false;
      const done = await generate(board, request, () => undefined, signal);
      this.isIdle = true;
      return done;
    }, stop);
  }

  /** Stops listening, and ends the recording; the link stays as it is. */
  async dispose(): Promise<void> {
    for (const end of this.ends) end();
    await this.recorder?.close();
  }

  private sent(bytes: Uint8Array): void {
    const at = this.now();
    this.recorder?.record({ at, kind: 'sent', bytes });
    for (const item of sentItems(at, bytes)) this.items.emit(item);
  }

  private follow(state: LinkState): void {
    this.note(describeState(this.link));
    this.changes.emit();
    // The empty line ends a line that another program may have left half typed.
    if (this.isAsked && state.status === 'connected') this.link.write(Buffer.from('\ninfo\n'));
  }

  private note(text: string): void {
    const at = this.now();
    this.recorder?.record({ at, kind: 'note', text });
    this.items.emit({ at, kind: 'note', text });
  }
}

/** The state of a link, in words. */
export function describeState({ state, name }: Pick<BoardLink, 'state' | 'name'>): string {
  switch (state.status) {
    case 'searching':
      if (state.lost?.code === 'board.waiting') return `${state.lost.message} ${state.lost.remedy}`;
      return state.lost?.message ?? `${name} is not there; it is connected to when it comes.`;
    case 'connected':
      return `Connected to ${state.name}.`;
    case 'lent':
      return `The port is in use for ${state.to}.`;
    case 'failed':
      return `${state.error.message} ${state.error.remedy}`;
    case 'closed':
      return 'Disconnected.';
  }
}
