import { window } from 'vscode';

/** Full results and errors of commands; messages show only the beginning. */
export const log = window.createOutputChannel('Starmind', { log: true });
