import { commands as editor, Disposable, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import type { FromVirtualPico, MemoryUse, ToVirtualPico } from '../../core/wire/virtual-pico';
import { BoardOutput } from '../../node/board/board-output';
import { StarmindError } from '../../node/errors';
import { commands } from '../commands';
import { reported } from '../show';
import { webviewFolder, webviewPage } from '../webview-page';
import { programOf, type Bench } from './bench';

/** As package.json would contribute it, were it a view. */
const viewType = 'starmind.virtualPico';
/** Milliseconds between readings while the panel is in sight. */
const readingInterval = 250;

/** The panel of the window's virtual Pico. There is one; opening it again brings it to the front. */
export class VirtualPicoPanel {
  private panel: WebviewPanel | undefined;
  private owned: Disposable | undefined;
  private memory: MemoryUse | undefined;

  constructor(
    private readonly extensionUri: Uri,
    private readonly bench: Bench,
  ) {}

  open(): void {
    if (this.panel) return this.panel.reveal(undefined, true);
    const folder = webviewFolder(this.extensionUri);
    const panel = window.createWebviewPanel(
      viewType,
      'Virtual Pico',
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [folder], retainContextWhenHidden: true },
    );
    panel.iconPath = Uri.joinPath(this.extensionUri, 'media', 'icon.png');
    panel.webview.html = webviewPage(panel.webview, folder, 'virtual-pico', 'Virtual Pico');
    this.panel = panel;
    this.owned = this.connect(panel);
    panel.onDidDispose(() => {
      this.owned?.dispose();
      this.panel = undefined;
    });
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private post(message: ToVirtualPico): void {
    void this.panel?.webview.postMessage(message);
  }

  private connect({ webview, visible }: WebviewPanel): Disposable {
    const { bench } = this;
    let isVisible = visible;
    let reading = false;
    const timer = setInterval(() => {
      if (!isVisible || reading) return;
      reading = true;
      bench
        .read()
        .then((now) => this.post({ kind: 'reading', reading: now }))
        .catch(() => undefined)
        .finally(() => (reading = false));
    }, readingInterval);
    const output = this.listenToGreetings();
    const ends = [
      bench.onOutput((bytes) => output.push(bytes)),
      bench.onRestart(() => this.tellMemory(undefined)),
      bench.onNotice((notice) => this.post({ kind: 'notice', text: notice?.text ?? null })),
      bench.onProgram((program) => this.tellProgram(program?.name)),
      bench.onDebugging(() => this.tellDebugging()),
    ];
    return Disposable.from(
      webview.onDidReceiveMessage((message: FromVirtualPico) =>
        reported(() => this.receive(message)),
      ),
      this.panel?.onDidChangeViewState(({ webviewPanel }) => (isVisible = webviewPanel.visible)) ??
        new Disposable(() => undefined),
      new Disposable(() => clearInterval(timer)),
      new Disposable(() => ends.forEach((end) => end())),
    );
  }

  /** Programs of ours tell on greeting how they use the memory. */
  private listenToGreetings(): BoardOutput {
    const output = new BoardOutput();
    output.onRecord((record) => {
      if (record.record === 'hello') this.tellMemory(record.memory);
    });
    return output;
  }

  private async receive(message: FromVirtualPico): Promise<void> {
    const { bench } = this;
    switch (message.kind) {
      case 'ready':
        await bench.on();
        this.tellProgram(bench.program?.name);
        this.tellMemory(this.memory);
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
      case 'monitor':
        return editor.executeCommand(commands.monitor.id);
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

  private tellMemory(memory: MemoryUse | undefined): void {
    this.memory = memory;
    this.post({ kind: 'memory', ...(memory && { memory }) });
  }

  private tellDebugging(): void {
    const address = this.bench.debugAddress;
    this.post({ kind: 'debugging', ...(address !== undefined && { address }) });
  }
}
