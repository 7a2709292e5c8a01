/**
 * Every command the extension contributes: its id and its title, declared once. package.json
 * repeats them for the editor; test/tidy/contributions.test.ts holds it to this list.
 */
export const commands = {
  train: { id: 'starmind.train', title: 'Train Model' },
  build: { id: 'starmind.build', title: 'Build Firmware' },
  run: { id: 'starmind.run', title: 'Run on Virtual Pico' },
  doctor: { id: 'starmind.doctor', title: 'Doctor' },
} as const;

export type CommandName = keyof typeof commands;

/** Shown before each title. */
export const commandCategory = 'Starmind';

/** When the commands can be used: each of them starts a program on the user's files. */
export const commandEnablement = 'isWorkspaceTrusted';
