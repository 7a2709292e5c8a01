import { dirname } from 'node:path';
import { commands as editor, debug, env, extensions, window, workspace } from 'vscode';
import { findGdb, gdbNames } from '../../node/toolchain/find-gdb';
import { noGdb, noSymbols } from '../command-errors';
import { requireTrust } from '../tasks/prepare';
import type { WindowPico } from './window-pico';
import { debuggers, launchConfiguration, type Debuggee } from './launch-configuration';

/**
 * Attaches a C debugger of VS Code to the program of the virtual Pico; where none is installed,
 * offers to install one or to copy the configuration.
 *
 * @throws StarmindError `workspace.untrusted`, `debug.symbols`, `debug.gdb`, `board.debug`
 */
export async function debugVirtualPico(windowPico: WindowPico): Promise<void> {
  requireTrust();
  await windowPico.on();
  const elf = windowPico.program?.elf;
  if (elf === undefined) throw noSymbols();
  const gdb = findGdb();
  if (gdb === undefined) throw noGdb(gdbNames);
  const address = await windowPico.serveDebuggers();
  const [folder] = workspace.workspaceFolders ?? [];
  const debuggee = { elf, gdb, address, folder: folder?.uri.fsPath ?? dirname(elf) };
  const installed = debuggers.find(({ extension }) => extensions.getExtension(extension));
  if (!installed) return offer(debuggee);
  await debug.startDebugging(folder, launchConfiguration(installed.type, debuggee));
}

async function offer(debuggee: Debuggee): Promise<void> {
  const find = 'Find It';
  const copy = 'Copy Launch Configuration';
  const answer = await window.showInformationMessage(
    'No debugger for C is installed in this VS Code. Cortex-Debug and C/C++ both can debug the virtual Pico.',
    find,
    copy,
  );
  const [{ extension, type }] = debuggers;
  if (answer === find) await editor.executeCommand('workbench.extensions.search', extension);
  if (answer !== copy) return;
  await env.clipboard.writeText(JSON.stringify(launchConfiguration(type, debuggee), null, 2));
}
