import { window } from 'vscode';

/** What commands have done and what kept them from it, whole: messages show the beginning. */
export const log = window.createOutputChannel('Starmind', { log: true });
