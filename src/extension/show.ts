import { commands as editor, Range, window, type TextDocument } from 'vscode';
import type { Problem } from '../core/problem';
import { StarmindError } from '../node/starmind-error';
import { describeProblem } from '../node/run/folder';
import { commands, type CommandName } from './commands';
import { log } from './log';

/** Commands that are the remedy of an error, by its code. */
const remedies: Partial<Record<string, CommandName>> = {
  'model.untrained': 'train',
  'model.none': 'new',
  'tool.missing': 'doctor',
};

const openTerminal = 'Open in Terminal';
const showLog = 'Show Log';

/** Shows an error with its remedy and code; the log has what does not fit into a message. */
async function showError(error: StarmindError): Promise<void> {
  const { message, code, command } = error;
  log.error(`${message}\n${error.remedy} (${code})`);
  const [beginning = '', ...rest] = message.split('\n');
  const remedy = command
    ? error.remedy.replace(command, `the command of "${openTerminal}".`)
    : error.remedy;
  const cure = remedies[code];
  const actions = [
    ...(cure ? [commands[cure].title] : []),
    ...(command ? [openTerminal] : []),
    ...(rest.length > 0 ? [showLog] : []),
  ];
  const answer = await window.showErrorMessage(`${beginning} ${remedy} (${code})`, ...actions);
  if (cure && answer === commands[cure].title) await editor.executeCommand(commands[cure].id);
  if (answer === showLog) log.show();
  if (answer === openTerminal && command) offerCommand(command);
}

/** The user reads the line, and presses Enter. */
function offerCommand(command: string): void {
  const terminal = window.createTerminal('Starmind');
  terminal.show();
  terminal.sendText(command, false);
}

/** Runs `body`; shows an error that the user can act on and then returns undefined. */
export async function reported<T>(body: () => Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof StarmindError)) throw error;
    // Do not await it: a message may stay for hours, and the command is over.
    void showError(error);
    return undefined;
  }
}

/** Shows the errors of a model.json, with a button that leads to the first offending value. */
export async function showProblems(
  document: TextDocument,
  name: string,
  [first, ...more]: readonly Problem[],
): Promise<void> {
  if (!first) return;
  const others = more.length === 0 ? '' : ` And ${more.length} more.`;
  const open = 'Open';
  const answer = await window.showErrorMessage(
    `${name}: ${describeProblem(first)} (${first.code})${others}`,
    open,
  );
  if (answer !== open) return;
  const { offset, length } = first.range ?? { offset: 0, length: 0 };
  const selection = new Range(document.positionAt(offset), document.positionAt(offset + length));
  await window.showTextDocument(document, { selection });
}
