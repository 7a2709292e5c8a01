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
import { StarmindError } from '../../node/errors';
import { commands } from '../commands';
import { reported } from '../show';
import { SinglePanel } from '../single-panel';
import { programOf, type Bench } from './bench';
import { virtualPicoViewType } from './view-type';

/** Milliseconds between readings while the panel is in sight. */
const readingInterval = 250;

/** The panel of the window's virtual Pico. */
export class VirtualPicoPanel {
  private readonly panel: SinglePanel;
  private webview: Webview | undefined;

  constructor(
    extensionUri: Uri,
    private readonly bench: Bench,
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
    const { bench } = this;
    const { webview } = panel;
    this.webview = webview;
    let reading = false;
    const timer = setInterval(() => {
      if (!panel.visible || reading) return;
      reading = true;
      bench
        .read()
        .then((now) => this.post({ kind: 'reading', reading: now }))
        .catch(() => undefined)
        .finally(() => (reading = false));
    }, readingInterval);
    const ends = [
      bench.onMemory(() => this.tellMemory()),
      bench.onNotice(() => this.tellNotice()),
      bench.onProgram((program) => this.tellProgram(program?.name)),
      bench.onDebugging(() => this.tellDebugging()),
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
    const { bench } = this;
    switch (message.kind) {
      case 'ready':
        await bench.on();
        this.tellProgram(bench.program?.name);
        this.tellMemory();
        this.tellNotice();
        return this.tellDebugging();
      case 'power':
        return bench.setPower(message.on);
      case 'restart':
        return bench.restart(message.bootsel);
      case 'pace':
        return bench.pace(message.paced);
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
      await (wanted ? this.bench.serveDebuggers() : this.bench.dismissDebuggers());
    } catch (error) {
      // Nothing has changed but the checkbox.
      this.tellDebugging();
      this.tellFailure(error);
    }
  }

  private async load(program: Parameters<Bench['load']>[0]): Promise<void> {
    await this.bench.load(program).catch((error: unknown) => this.tellFailure(error));
  }

  /** A file that is no program for this chip is said where it was dropped. */
  private tellFailure(error: unknown): void {
    if (!(error instanceof StarmindError)) throw error;
    this.post({ kind: 'notice', text: `${error.message} ${error.remedy}` });
  }

  private tellProgram(name: string | undefined): void {
    this.post({ kind: 'program', ...(name !== undefined && { name }) });
  }

  private tellMemory(): void {
    const { memory } = this.bench;
    this.post({ kind: 'memory', ...(memory && { memory }) });
  }

  private tellNotice(): void {
    this.post({ kind: 'notice', text: this.bench.notice ?? null });
  }

  private tellDebugging(): void {
    const address = this.bench.debugAddress;
    this.post({ kind: 'debugging', ...(address !== undefined && { address }) });
  }
}
