import { commands as editor, tasks, type ExtensionContext } from 'vscode';
import { actions } from './actions';
import { Boards } from './boards/boards';
import { BoardsView } from './boards/boards-view';
import { commands, type CommandBody, type CommandName } from './commands';
import { ModelEditorProvider } from './editor/model-editor';
import { openFormBeside } from './editor/open-beside';
import { Explorer } from './explorer/explorer';
import { importCheckpoint } from './import/import-checkpoint';
import { log } from './log';
import { fineTune } from './fine-tune';
import { FlashCommand } from './flash/flash-command';
import { MonitorPanel } from './monitor/panel';
import { NewProject } from './new-project/new-project';
import { openActions } from './open';
import { reported } from './show';
import { ModelStatusItem } from './status-bar/item';
import { WindowPico } from './virtual-pico/window-pico';
import { SpeedPanel } from './speed/panel';
import { followTrainings } from './training/follow';
import { TrainingPanel } from './training/panel';
import { debugVirtualPico } from './virtual-pico/debug';
import { VirtualPicoPanel } from './virtual-pico/panel';
import { TaskFactory } from './tasks/create';
import { taskType } from './tasks/definition';
import { StarmindTaskProvider } from './tasks/provider';

/** Wires the features; the file of each describes it. */
export function activate(context: ExtensionContext): void {
  const factory = new TaskFactory(context.asAbsolutePath('dist/cli.js'));
  const explorer = new Explorer();
  const windowPico = new WindowPico(context.globalStorageUri.fsPath);
  const boards = new Boards(windowPico, {
    folder: context.workspaceState,
    everywhere: context.globalState,
  });
  const boardsView = new BoardsView(boards);
  const storage = context.storageUri ?? context.globalStorageUri;
  const monitor = new MonitorPanel(context.extensionUri, storage, boards, context.workspaceState);
  const virtualPico = new VirtualPicoPanel(context.extensionUri, windowPico);
  const speed = new SpeedPanel(context.extensionUri);
  const training = new TrainingPanel(context.extensionUri, context.workspaceState);
  const flashing = new FlashCommand({ boards, windowPico, openMonitor: () => monitor.listen() });
  const newProject = new NewProject(factory, context.globalState, (model) =>
    flashing.flash(model, false),
  );
  context.subscriptions.push(
    log,
    tasks.registerTaskProvider(taskType, new StarmindTaskProvider(factory)),
    explorer,
    newProject,
    new ModelStatusItem(),
    ModelEditorProvider.register(context),
    openFormBeside(context.workspaceState),
    windowPico,
    boards,
    boardsView,
    monitor,
    virtualPico,
    speed,
    training,
    followTrainings(training),
  );
  const bodies: Record<CommandName, CommandBody> = {
    ...actions(factory, context.workspaceState),
    ...openActions(),
    ...explorer.actions,
    import: importCheckpoint,
    fineTune,
    ...newProject.actions,
    flash: (argument) => flashing.flash(argument, false),
    flashModel: (argument) => flashing.flash(argument, true),
    ...boardsView.actions,
    measureSpeed: (argument) => speed.measure(argument),
    showTraining: (argument) => training.show(argument),
    monitor: (board) => monitor.show(board),
    virtualPico: () => Promise.resolve(virtualPico.open()),
    debug: () => debugVirtualPico(windowPico),
  };
  for (const name of Object.keys(commands) as CommandName[]) {
    context.subscriptions.push(
      editor.registerCommand(commands[name].id, (argument?: unknown) =>
        reported(() => bodies[name](argument)),
      ),
    );
  }
  void reported(() => newProject.resume());
  void startLanguageClient(context);
}

/** Load the client last: it is most of the extension's code. */
async function startLanguageClient(context: ExtensionContext): Promise<void> {
  const { languageClient } = await import('./language-client');
  context.subscriptions.push(languageClient(context.asAbsolutePath('dist/server.js')));
}
