/** A file of a run that the Starmind view shows. */
export interface RunFile {
  /** Path below the run's folder, with forward slashes. */
  path: string;
  label: string;
  isText: boolean;
}

/** The files in the order in which a run makes them. */
export const runFiles: readonly RunFile[] = [
  { path: 'checkpoint.safetensors', label: 'Checkpoint', isText: false },
  { path: 'tokenizer.json', label: 'Tokenizer', isText: true },
  { path: 'model.img', label: 'Device image', isText: false },
  { path: 'build/starmind.uf2', label: 'Firmware (UF2)', isText: false },
  { path: 'build/starmind.elf', label: 'Firmware (ELF)', isText: false },
  { path: 'build/report.json', label: 'Build report', isText: true },
];

/** The file that every trained run has. */
export const checkpointFile = 'checkpoint.safetensors';

/** The file that a training writes at its end. */
export const summaryFile = 'summary.json';
