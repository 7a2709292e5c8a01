import {
  commands as editor,
  Disposable,
  window,
  type Uri,
  type Webview,
  type WebviewPanel,
} from 'vscode';
import type { FromVirtualPico, ToVirtualPico } from '../../core/wire/virtual-pico';
import { virtualPico } from '../../node/board/find/found-board';
import { StarmindError } from '../../node/starmind-error';
import { commands } from '../commands';
import { reported } from '../show';
import { SinglePanel } from '../single-panel';
import { programOf, type WindowPico } from './window-pico';
import { virtualPicoViewType } from './view-type';

/** Milliseconds between readings while the panel is visible. */
const readingInterval = 250;
/** Load below which a core only sleeps and polls, and how many readings to skip then. */
const restingLoad = 0.01;
const readingsSpared = 3;

/** The panel of the window's virtual Pico. */
export class VirtualPicoPanel {
  private readonly panel: SinglePanel;
  private webview: Webview | undefined;

  constructor(
    extensionUri: Uri,
    private readonly windowPico: WindowPico,
  ) {
    this.panel = new SinglePanel(extensionUri, {
      viewType: virtualPicoViewType,
      title: 'Virtual Pico',
      bundle: 'virtual-pico',
      connect: (panel) => this.connect(panel),
    });
  }

  open(): void {
    this.panel.open({ takesFocus: true });
  }

  dispose(): void {
    this.panel.dispose();
  }

  private post(message: ToVirtualPico): void {
    void this.webview?.postMessage(message);
  }

  private connect(panel: WebviewPanel): Disposable {
    const { windowPico } = this;
    const { webview } = panel;
    this.webview = webview;
    let reading = false;
    /** Readings to skip: those of a board that only sleeps show nothing new. */
    let spared = 0;
    const timer = setInterval(() => {
      if (!panel.visible || reading || spared-- > 0) return;
      reading = true;
      windowPico
        .read()
        .then((now) => {
          const rests = now.cores.every(({ load }) => load < restingLoad);
          spared = rests ? readingsSpared : 0;
          this.post({ kind: 'reading', reading: now });
        })
        .catch(() => undefined)
        .finally(() => (reading = false));
    }, readingInterval);
    const ends = [
      windowPico.onOutput(() => (spared = 0)),
      windowPico.onMemory(() => this.tellMemory()),
      windowPico.onNotice(() => this.tellNotice()),
      windowPico.onProgram((program) => this.tellProgram(program?.name)),
      windowPico.onDebugging(() => this.tellDebugging()),
    ];
    return Disposable.from(
      webview.onDidReceiveMessage((message: FromVirtualPico) =>
        reported(() => this.receive(message)),
      ),
      new Disposable(() => clearInterval(timer)),
      new Disposable(() => ends.forEach((end) => end())),
    );
  }

  private async receive(message: FromVirtualPico): Promise<void> {
    const { windowPico } = this;
    switch (message.kind) {
      case 'ready':
        await windowPico.on();
        this.tellProgram(windowPico.program?.name);
        this.tellMemory();
        this.tellNotice();
        return this.tellDebugging();
      case 'power':
        return windowPico.setPower(message.on);
      case 'restart':
        return windowPico.restart(message.bootsel);
      case 'pace':
        return windowPico.pace(message.paced);
      case 'debug':
        return this.serveDebuggers(message.on);
      case 'startDebugging':
        return editor.executeCommand(commands.debug.id);
      case 'program':
        return this.load({ name: message.name, uf2: Uint8Array.from(message.bytes) });
      case 'choose': {
        const [chosen] =
          (await window.showOpenDialog({
            title: 'Program for the virtual Pico',
            filters: { 'UF2 file': ['uf2'] },
          })) ?? [];
        if (chosen) await this.load(await programOf(chosen.fsPath));
        return;
      }
      case 'flash':
        return editor.executeCommand(commands.flash.id, virtualPico);
      case 'monitor':
        return editor.executeCommand(commands.monitor.id, virtualPico);
    }
  }

  private async serveDebuggers(wanted: boolean): Promise<void> {
    try {
      await (wanted ? this.windowPico.serveDebuggers() : this.windowPico.dismissDebuggers());
    } catch (error) {
      // Only the checkbox has changed.
      this.tellDebugging();
      this.tellFailure(error);
    }
  }

  private async load(program: Parameters<WindowPico['load']>[0]): Promise<void> {
    await this.windowPico.load(program).catch((error: unknown) => this.tellFailure(error));
  }

  /** Shows an error in the panel, where the user dropped the file. */
  private tellFailure(error: unknown): void {
    if (!(error instanceof StarmindError)) throw error;
    this.post({ kind: 'notice', text: `${error.message} ${error.remedy}` });
  }

  private tellProgram(name: string | undefined): void {
    this.post({ kind: 'program', ...(name !== undefined && { name }) });
  }

  private tellMemory(): void {
    const { memory } = this.windowPico;
    this.post({ kind: 'memory', ...(memory && { memory }) });
  }

  private tellNotice(): void {
    this.post({ kind: 'notice', text: this.windowPico.notice ?? null });
  }

  private tellDebugging(): void {
    const address = this.windowPico.debugAddress;
    this.post({ kind: 'debugging', ...(address !== undefined && { address }) });
  }
}
