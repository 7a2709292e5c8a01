import { Disposable, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import type { GenerateRequest } from '../../core/wire/commands';
import type { HelloRecord } from '../../core/wire/device-records';
import type {
  FromMonitor,
  LineEnding,
  MonitorBoard,
  MonitorConnection,
  MonitorItem,
  ToMonitor,
} from '../../core/wire/monitor-messages';
import { virtualPico, type FoundBoard } from '../../node/board/find/found-board';
import type { LinkState } from '../../node/board/link/link-state';
import { MonitorFeed } from '../../node/board/monitor/feed';
import { Recorder } from '../../node/board/monitor/recording';
import { generate, waitForHello } from '../../node/board/session';
import { StarmindError } from '../../node/errors';
import type { Boards } from '../boards/boards';
import { webviewFolder, webviewPage } from '../webview-page';
import { findRun, recordingPath, speakOnHost } from './comparison';
import { Listening, stateInWords } from './listening';
import { replay } from './replay';
import { saveLog } from './save-log';

export const monitorViewType = 'starmind.monitor';

const lineEnds: Record<LineEnding, string> = { none: '', lf: '\n', cr: '\r', crlf: '\r\n' };

/** The token monitor. There is one; opening it again brings it to the front. */
export class MonitorPanel {
  private panel: WebviewPanel | undefined;
  private listening: Listening | undefined;
  private recorder: Recorder | undefined;
  private hello: HelloRecord | undefined;
  private speaking: AbortController | undefined;
  private replaying: AbortController | undefined;
  private readonly feed = new MonitorFeed((sequence, items) =>
    this.post({ kind: 'items', sequence, items }),
  );

  /** @param storage where recordings of this window go */
  constructor(
    private readonly extensionUri: Uri,
    private readonly storage: Uri,
    private readonly boards: Boards,
  ) {}

  open(): void {
    if (this.panel) return this.panel.reveal(undefined, true);
    this.adopt(
      window.createWebviewPanel(
        monitorViewType,
        'Token Monitor',
        { viewColumn: ViewColumn.Beside, preserveFocus: true },
        { retainContextWhenHidden: true },
      ),
    );
  }

  /** Takes a new panel, or one that VS Code has kept over a reload of the window. */
  adopt(panel: WebviewPanel): void {
    const folder = webviewFolder(this.extensionUri);
    this.panel = panel;
    panel.iconPath = Uri.joinPath(this.extensionUri, 'media', 'activity-bar.svg');
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const ends = [
      this.boards.watcher.onChange(() => this.tellBoards()),
      this.boards.onChoice((id) => void this.listen(id)),
    ];
    const owned = Disposable.from(
      panel.webview.onDidReceiveMessage((message: FromMonitor) => this.answer(message)),
      new Disposable(() => ends.forEach((end) => end())),
    );
    panel.onDidDispose(() => {
      owned.dispose();
      this.panel = undefined;
      void this.hangUp();
    });
    panel.webview.html = webviewPage(panel.webview, folder, 'monitor', 'Token monitor');
  }

  dispose(): void {
    this.panel?.dispose();
    this.feed.dispose();
  }

  private post(message: ToMonitor): void {
    void this.panel?.webview.postMessage(message);
  }

  /** Failures of what the view asked for are said in the view. */
  private async answer(message: FromMonitor): Promise<void> {
    try {
      await this.receive(message);
    } catch (error) {
      if (!(error instanceof StarmindError)) throw error;
      this.post({ kind: 'failed', message: `${error.message} ${error.remedy}` });
    }
  }

  private async receive(message: FromMonitor): Promise<void> {
    const { listening } = this;
    switch (message.kind) {
      case 'ready':
        this.feed.restart();
        this.tellBoards();
        if (!listening) return this.listen(this.boards.chosenId);
        return this.tellConnection(listening.link.state);
      case 'drawn':
        return this.feed.drawn(message.sequence);
      case 'choose':
        await this.boards.choose(message.board);
        return this.listen(message.board);
      case 'disconnect':
        return this.hangUp();
      case 'prompt':
        return this.speak(message.request, message.compare);
      case 'stop':
        return this.speaking?.abort();
      case 'send':
        if (!listening?.link.write(Buffer.from(message.text + lineEnds[message.ending]))) {
          this.post({ kind: 'failed', message: 'The board takes nothing: it is not connected.' });
        }
        return;
      case 'baudRate':
        await listening?.link.setBaudRate(message.baudRate);
        return this.tellConnection(listening?.link.state ?? { status: 'closed' });
      case 'saveLog':
        await this.recorder?.flush();
        return this.recorder && saveLog(this.recorder.path);
      case 'replay':
        return this.replay();
    }
  }

  private async listen(id: string): Promise<void> {
    this.replaying?.abort();
    const link = this.boards.link(id);
    if (this.listening?.link === link) {
      // Asked for again after it was disconnected.
      link.connect();
      return this.tellConnection(link.state);
    }
    await this.hangUp();
    const recorder = await this.record();
    this.listening = new Listening(
      link,
      recorder,
      (item) => this.show(item),
      (state) => this.follow(id, state),
    );
    this.tellConnection(link.state);
    if (link.state.status === 'connected') this.follow(id, link.state);
  }

  private async record(): Promise<Recorder> {
    if (this.recorder) return this.recorder;
    const recorder = new Recorder(recordingPath(this.storage), ({ message }) =>
      this.post({ kind: 'failed', message: `The log can no longer be written: ${message}` }),
    );
    await recorder.open();
    this.recorder = recorder;
    return recorder;
  }

  private show(item: MonitorItem): void {
    if (item.kind === 'record' && item.record.record === 'hello') {
      this.hello = item.record;
      this.tellConnection(this.listening?.link.state ?? { status: 'closed' });
    }
    this.feed.put(item);
  }

  private follow(id: string, state: LinkState): void {
    if (state.status !== 'connected') this.hello = undefined;
    this.tellConnection(state);
    // A real board greets whoever opens its port; the virtual one cannot tell, and is asked.
    if (state.status === 'connected' && id === virtualPico.id)
      this.listening?.link.write(Buffer.from('\ninfo\n'));
  }

  private async hangUp(): Promise<void> {
    this.replaying?.abort();
    const { listening } = this;
    this.listening = undefined;
    this.hello = undefined;
    this.speaking?.abort();
    listening?.end();
    await listening?.link.disconnect();
    this.tellConnection({ status: 'closed' });
  }

  private async speak(asked: GenerateRequest, compare: boolean): Promise<void> {
    const { listening } = this;
    if (!listening || this.speaking) return;
    // Both sides draw alike only from the same seed.
    const request: GenerateRequest = { seed: 1, ...asked, rank: true };
    const speaking = new AbortController();
    this.speaking = speaking;
    try {
      await listening.link.converse(async (board, ending) => {
        this.hello ??= await waitForHello(board);
        const signal = AbortSignal.any([ending, speaking.signal]);
        if (compare) void this.compare(request, signal);
        await generate(board, request, () => undefined, signal);
      });
    } finally {
      this.speaking = undefined;
    }
  }

  private async compare(request: GenerateRequest, signal: AbortSignal): Promise<void> {
    const hash = this.hello?.model;
    const run = hash === undefined ? undefined : await findRun(hash);
    if (!run) {
      const why =
        hash === undefined
          ? 'The board has not said which model it has.'
          : `No run of this workspace has the model of the board (${hash}).`;
      return this.post({ kind: 'noHost', why });
    }
    try {
      await speakOnHost(run, request, signal, (tokens, done) =>
        this.post({ kind: 'host', tokens, done }),
      );
    } catch (error) {
      if (!(error instanceof StarmindError)) throw error;
      this.post({ kind: 'noHost', why: error.message });
    }
  }

  private async replay(): Promise<void> {
    const [chosen] =
      (await window.showOpenDialog({
        title: 'Recorded session',
        filters: { 'Recorded session': ['jsonl'] },
      })) ?? [];
    if (!chosen) return;
    await this.hangUp();
    const replaying = new AbortController();
    this.replaying = replaying;
    this.post({ kind: 'connection', connection: { status: 'replaying', baudRate: 0 } });
    await replay(chosen.fsPath, (item) => this.feed.put(item), replaying.signal);
  }

  private tellBoards(): void {
    this.post({ kind: 'boards', boards: this.boards.all.flatMap(monitorBoard) });
  }

  private tellConnection(state: LinkState): void {
    const board = this.boards.find(this.boards.chosenId);
    const shown = board ? monitorBoard(board)[0] : undefined;
    const connection: MonitorConnection = {
      status: state.status === 'closed' ? 'none' : state.status,
      baudRate: this.boards.link(this.boards.chosenId).baudRate,
      ...(shown && { board: shown }),
      ...(state.status !== 'connected' && { detail: stateInWords(state) }),
      ...(this.hello && { hello: this.hello }),
    };
    this.post({ kind: 'connection', connection });
  }
}

/** Debug probes have nothing to say. */
function monitorBoard(board: FoundBoard): MonitorBoard[] {
  if (board.kind === 'probe') return [];
  const { id, label, detail, kind } = board;
  return [{ id, label, kind, ...(detail !== undefined && { detail }) }];
}
