import { basename } from 'node:path';
import type { ModelConfig } from '../../core/model/config';
import type { GenerateRequest } from '../../core/wire/commands';
import type {
  FromMonitor,
  LineEnding,
  MonitorBoard,
  MonitorConnection,
  ToMonitor,
} from '../../core/wire/monitor-messages';
import { virtualPico, type FoundBoard } from '../../node/board/find/found-board';
import { Turns } from '../../node/board/link/turns';
import type { Disposer } from '../../node/board/listeners';
import { MonitorFeed } from '../../node/board/monitor/feed';
import { describeState, LiveSession } from '../../node/board/monitor/live-session';
import { readSession } from '../../node/board/monitor/read-session';
import { replay } from '../../node/board/monitor/replay';
import { replayItems } from '../../node/board/monitor/replay-session';
import { saveRecording, saveSession } from '../../node/board/monitor/save-session';
import { newSessionFile } from '../../node/board/monitor/session-files';
import { SessionRecorder } from '../../node/board/monitor/session-recorder';
import { interrupted, StarmindError } from '../../node/starmind-error';
import type { Boards } from '../boards/boards';
import { nothingRecorded, speakingAlready } from '../command-errors';
import { compare, type FindImage } from './comparison';

/** A recorded session that the user has chosen. */
export interface ChosenRecording {
  path: string;
  /** Show all of it at once, instead of in its own time. */
  fast: boolean;
}

/** The window's services that the monitor needs. */
export interface MonitorWindow {
  post(message: ToMonitor): void;
  findImage: FindImage;
  /** The model of the run whose image has this digest, in hexadecimal. */
  findConfig(contentHash: string): Promise<ModelConfig | undefined>;
  /** Path that the user has chosen; undefined when there is none. */
  chooseLog(): Promise<string | undefined>;
  chooseRecording(): Promise<ChosenRecording | undefined>;
  /** Whether to connect to the board at once. */
  readonly connects: boolean;
  keepConnected(connected: boolean): void;
  /** Saves the settings of the view for the next time that it opens. */
  keep(settings: unknown): void;
  tellSaved(path: string): void;
  /** Runs Build & Flash. @param board the one to flash; undefined while it is not plugged in */
  flash(board: FoundBoard | undefined): Promise<void>;
}

/** The part of the window's boards that the monitor uses. */
export type MonitorBoards = Pick<
  Boards,
  'all' | 'chosenId' | 'chosenLabel' | 'find' | 'choose' | 'onChoice' | 'link' | 'setBaudRate'
> & { watcher: Pick<Boards['watcher'], 'onChange'> };

type Prompt = Extract<FromMonitor, { kind: 'prompt' }>;

const lineEnds: Record<LineEnding, string> = { none: '', lf: '\n', cr: '\r', crlf: '\r\n' };

/** Bytes: a board that talks over a weekend must not fill the disk. */
const longestRecording = 1024 ** 3;

/** Replays cut silence short, in milliseconds. */
const longestSilence = 1000;

/** Connects to the chosen board and sends it what its view asks for. Lives as long as its view. */
export class TokenMonitor {
  private readonly feed: MonitorFeed;
  private readonly unchoose: Disposer;
  /** Set while the view is visible: watching for boards costs a little all the time. */
  private watching: Disposer | undefined;
  /** Changes of the board run one after the other, however fast the user chooses. */
  private readonly turns = new Turns();
  /**
   * Session of the board that was chosen last; kept after it disconnects, since its log can be
   * saved.
   */
  private session: LiveSession | undefined;
  private speaking: AbortController | undefined;
  /** Stops this computer's generation for the last prompt. */
  private comparing: AbortController | undefined;
  private replaying: AbortController | undefined;
  /** File of the recorded session that the view shows, also after its end. */
  private recording: string | undefined;
  /** The model of the board that was asked for last; its config is there once it is found. */
  private model: { hash: string; config?: ModelConfig } | undefined;
  /** Whether to connect to the chosen board: false once the user has disconnected it. */
  private wanted: boolean;

  /** @param recordings folder of the recordings of this window */
  constructor(
    private readonly window: MonitorWindow,
    private readonly boards: MonitorBoards,
    private readonly recordings: string,
  ) {
    this.feed = new MonitorFeed((sequence, items) =>
      window.post({ kind: 'items', sequence, items }),
    );
    this.wanted = window.connects;
    this.unchoose = boards.onChoice((id) => void this.reported(() => this.follow(id)));
  }

  /** Starts or stops keeping the list of boards up to date. */
  watch(visible: boolean): void {
    if (!visible) {
      this.watching?.();
      this.watching = undefined;
      return;
    }
    this.watching ??= this.boards.watcher.onChange(() => this.tellBoards());
    this.tellBoards();
  }

  /** Carries out a request of the view; an error is shown in the view. */
  async receive(message: FromMonitor): Promise<void> {
    await this.reported(() => this.answer(message));
  }

  async dispose(): Promise<void> {
    this.unchoose();
    this.watch(false);
    this.feed.dispose();
    this.replaying?.abort();
    this.comparing?.abort();
    await this.turns.take(() => this.leave());
  }

  private async reported(body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      const message =
        error instanceof StarmindError ? `${error.message} ${error.remedy}` : String(error);
      this.window.post({ kind: 'failed', message });
    }
  }

  private async answer(message: FromMonitor): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.feed.restart();
        this.tellBoards();
        // A page that loads again does not reopen a port that the user has disconnected.
        return this.follow(this.boards.chosenId);
      case 'drawn':
        return this.feed.drawn(message.sequence);
      case 'choose':
        this.wanted = true;
        // `choose` reports a new board to every listener, this monitor included; listen directly to
        // one that was chosen before.
        if (message.board !== this.boards.chosenId) return this.boards.choose(message.board);
        return this.listen(message.board);
      case 'connect':
        return this.listen(this.boards.chosenId);
      case 'flash':
        return this.window.flash(this.boards.find(this.boards.chosenId));
      case 'disconnect':
        this.window.keepConnected(false);
        return this.disconnect();
      case 'prompt':
        return this.speak(message);
      case 'stop':
        return this.stop();
      case 'send':
        return this.session?.send(Buffer.from(message.text + lineEnds[message.ending]));
      case 'baudRate':
        await this.boards.setBaudRate(this.boards.chosenId, message.baudRate);
        return this.tellConnection();
      case 'saveLog':
        return this.save();
      case 'replay':
        return this.replay();
      case 'keep':
        return this.window.keep(message.settings);
    }
  }

  /**
   * Connects to the board that the user has chosen, unless the user has disconnected the monitor.
   */
  private async follow(id: string): Promise<void> {
    if (this.wanted) await this.listen(id);
    else this.tellConnection();
  }

  /**
   * Stops the generation of the board: this monitor's, one begun elsewhere, or one slow to stop.
   */
  private stop(): void {
    const { speaking, session } = this;
    if (speaking && !speaking.signal.aborted) {
      speaking.abort(interrupted('The prompt', 'Send it again.'));
    } else session?.send(Buffer.from('stop\n'));
  }

  /** Connects to a board and makes it the board of the session. */
  private listen(id: string): Promise<void> {
    this.wanted = true;
    this.replaying?.abort();
    this.recording = undefined;
    return this.turns.take(async () => {
      // The user has chosen another one in the meantime.
      if (id !== this.boards.chosenId) return;
      const link = this.boards.link(id);
      if (this.session?.link !== link) {
        await this.leave();
        this.session = await this.begin(id);
      }
      link.connect();
      this.window.keepConnected(true);
      this.tellConnection();
    });
  }

  private async begin(id: string): Promise<LiveSession> {
    const link = this.boards.link(id);
    let recorder: SessionRecorder | undefined;
    // The monitor works without a log as well.
    await this.reported(async () => {
      const path = await newSessionFile(this.recordings);
      recorder = await SessionRecorder.create(path, () => link.hold(), longestRecording);
    });
    // A real board greets when its port opens; the virtual one does not notice that, so ask it.
    const session = new LiveSession(link, recorder, { isAsked: id === virtualPico.id });
    session.onItem((item) => this.feed.put(item));
    session.onChange(() => this.tellConnection());
    return session;
  }

  private async disconnect(): Promise<void> {
    this.wanted = false;
    this.replaying?.abort();
    this.speaking?.abort();
    await this.turns.take(async () => this.session?.link.disconnect());
    this.tellConnection();
  }

  private async leave(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    this.speaking?.abort();
    await session?.link.disconnect();
    await session?.dispose();
  }

  private async speak({ number, request: asked, compare: comparing }: Prompt): Promise<void> {
    const { session } = this;
    try {
      if (this.speaking) throw speakingAlready();
      if (session) await this.speakOn(session, number, asked, comparing);
    } finally {
      // The end comes after the board's own items.
      this.feed.put({ at: Date.now(), kind: 'ended', prompt: number });
    }
  }

  private async speakOn(
    session: LiveSession,
    prompt: number,
    asked: GenerateRequest,
    comparing: boolean,
  ): Promise<void> {
    // Board and host draw the same tokens only from the same seed.
    const request: GenerateRequest = { seed: 1, ...asked, rank: true };
    const speaking = new AbortController();
    this.speaking = speaking;
    this.comparing?.abort();
    const ending = (this.comparing = new AbortController());
    const signal = AbortSignal.any([speaking.signal, ending.signal]);
    const { findImage, post } = this.window;
    try {
      await session.prompt(
        request,
        (board) => {
          if (!comparing) return;
          void compare(board, request, findImage, (told) => post({ ...told, prompt }), signal);
        },
        speaking.signal,
      );
    } catch (error) {
      // A user who stops the prompt before it begins needs no message.
      if (error !== speaking.signal.reason) throw error;
    } finally {
      this.speaking = undefined;
    }
  }

  /** @throws StarmindError `monitor.empty`, or the error of writing the file */
  private async save(): Promise<void> {
    const { recording, session } = this;
    if (recording === undefined && !session?.recorder) {
      throw nothingRecorded(session !== undefined);
    }
    const path = await this.window.chooseLog();
    if (path === undefined) return;
    if (recording !== undefined) await saveRecording(recording, path);
    else if (session?.recorder) await saveSession(session.recorder, path);
    this.window.tellSaved(path);
  }

  private async replay(): Promise<void> {
    const chosen = await this.window.chooseRecording();
    if (!chosen) return;
    const { path, fast } = chosen;
    await this.disconnect();
    const replaying = new AbortController();
    const { signal } = replaying;
    this.replaying = replaying;
    this.recording = path;
    this.tellConnection();
    // The items so far come from another board, with other times.
    this.feed.put({ at: Date.now(), kind: 'note', text: `Recorded session ${basename(path)}` });
    try {
      const entries = replay(readSession(path), { signal, longestSilence, fast });
      await replayItems(entries, async (item) => {
        await this.feed.room();
        if (!signal.aborted) this.feed.put(item);
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (this.replaying === replaying) this.replaying = undefined;
      this.tellConnection();
    }
  }

  private tellBoards(): void {
    this.window.post({ kind: 'boards', boards: this.boards.all.map(monitorBoard) });
  }

  private tellConnection(): void {
    void this.findModel(this.session?.hello?.model);
    this.window.post({ kind: 'connection', connection: this.connection() });
  }

  /** Looks for the run of the board's model, once for each model. */
  private async findModel(hash: string | undefined): Promise<void> {
    if (hash === undefined || hash === this.model?.hash) return;
    const model: TokenMonitor['model'] = (this.model = { hash });
    // The monitor works without a run as well.
    const config = await this.window.findConfig(hash).catch(() => undefined);
    if (!config || this.model !== model) return;
    model.config = config;
    this.tellConnection();
  }

  private connection(): MonitorConnection {
    const { session, boards } = this;
    const { chosenId: id, chosenLabel: label } = boards;
    const found = boards.find(id);
    // A board that is not plugged in stays chosen.
    const board: MonitorBoard = found ? monitorBoard(found) : { id, label, kind: 'serial' };
    const { baudRate } = boards.link(id);
    if (this.replaying) {
      const detail = `Recorded session ${this.recording}`;
      return { status: 'replaying', baudRate, board, detail };
    }
    const state = session?.link.state ?? { status: 'closed' };
    const config = session?.hello?.model === this.model?.hash ? this.model?.config : undefined;
    return {
      status: state.status === 'closed' ? 'none' : state.status,
      baudRate,
      board,
      ...(session && state.status !== 'connected' && { detail: describeState(session.link) }),
      ...(session?.hello && { hello: session.hello }),
      ...(config && { config }),
    };
  }
}

function monitorBoard({ id, label, detail, kind }: FoundBoard): MonitorBoard {
  const told = { id, label, ...(detail !== undefined && { detail }) };
  // A debug probe carries the UART of the board that is wired to it.
  return { ...told, kind: kind === 'probe' ? 'port' : kind };
}
