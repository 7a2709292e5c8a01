/** A command as package.json contributes it. */
export interface CommandDeclaration {
  id: string;
  title: string;
  /** For buttons in the Starmind view. */
  icon?: string;
  /** Starts programs on the user's files, so it needs a trusted folder. */
  startsPrograms?: true;
  /** Acts on an entry of the Starmind view, so the command palette leaves it out. */
  onEntryOnly?: true;
}

/**
 * Every command the extension contributes, declared once. package.json repeats them for the editor;
 * test/tidy/contributions.test.ts holds it to this list. Those about a model accept the Uri of a
 * model.json or an entry of the Starmind view; without an argument they choose the model
 * themselves.
 */
export const commands = {
  new: { id: 'starmind.new', title: 'New Project...', icon: '$(add)' },
  import: {
    id: 'starmind.import',
    title: 'Import Checkpoint...',
    icon: '$(desktop-download)',
  },
  train: {
    id: 'starmind.train',
    title: 'Train Model',
    icon: '$(mortar-board)',
    startsPrograms: true,
  },
  showTraining: {
    id: 'starmind.showTraining',
    title: 'Show Training',
    icon: '$(graph-line)',
  },
  build: { id: 'starmind.build', title: 'Build Firmware', icon: '$(tools)', startsPrograms: true },
  flash: { id: 'starmind.flash', title: 'Build & Flash', icon: '$(zap)', startsPrograms: true },
  flashModel: {
    id: 'starmind.flashModel',
    title: 'Flash Model Only',
    startsPrograms: true,
  },
  chooseBoard: { id: 'starmind.chooseBoard', title: 'Choose Board...', icon: '$(plug)' },
  run: {
    id: 'starmind.run',
    title: 'Run on Virtual Pico',
    icon: '$(play)',
    startsPrograms: true,
  },
  measureSpeed: {
    id: 'starmind.measureSpeed',
    title: 'Measure Speed',
    icon: '$(dashboard)',
    startsPrograms: true,
  },
  monitor: { id: 'starmind.monitor', title: 'Open Token Monitor', icon: '$(comment-discussion)' },
  virtualPico: { id: 'starmind.virtualPico', title: 'Open Virtual Pico', icon: '$(vm)' },
  debug: {
    id: 'starmind.debug',
    title: 'Debug on Virtual Pico',
    icon: '$(debug-alt)',
    startsPrograms: true,
  },
  doctor: { id: 'starmind.doctor', title: 'Doctor', startsPrograms: true },
  openForm: { id: 'starmind.openForm', title: 'Open Model Form', icon: '$(circuit-board)' },
  openText: { id: 'starmind.openText', title: 'Open Model as Text', icon: '$(json)' },
  refresh: { id: 'starmind.refresh', title: 'Refresh', icon: '$(refresh)' },
  fineTune: {
    id: 'starmind.fineTune',
    title: 'Fine-Tune on My Text...',
    startsPrograms: true,
    onEntryOnly: true,
  },
  reveal: { id: 'starmind.reveal', title: 'Open Containing Folder', onEntryOnly: true },
  deleteRun: {
    id: 'starmind.deleteRun',
    title: 'Delete Run',
    icon: '$(trash)',
    onEntryOnly: true,
  },
} as const satisfies Record<string, CommandDeclaration>;

export type CommandName = keyof typeof commands;

/** The body of a command; it receives what the user called the command on. */
export type CommandBody = (argument?: unknown) => Promise<void>;

/** Category shown before each title. */
export const commandCategory = 'Starmind';

/** Condition under which the commands that start programs are enabled. */
export const programEnablement = 'isWorkspaceTrusted';
