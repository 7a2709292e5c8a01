import type { CodeLens } from 'vscode-languageserver';
import type { Assessment } from '../../core/estimate/assess';
import { grouped } from '../../core/text';

/** Commands of the extension that the lenses call with the document's URI. */
export const lensCommands = {
  train: 'starmind.train',
  flash: 'starmind.flash',
  openForm: 'starmind.openForm',
} as const;

/** Train, Build & Flash, and the estimate, above the first line. */
export function codeLenses(uri: string, model: Assessment | undefined): CodeLens[] {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const lens = (title: string, command: string): CodeLens => ({
    range,
    command: { title, command, arguments: [uri] },
  });
  const { estimate } = model ?? {};
  const figures = estimate
    ? `Estimate: ${grouped(estimate.sram.total)} of ${grouped(estimate.sram.limit)} B SRAM, ` +
      `${estimate.speed.tokens_per_second.toFixed(1)} tok/s${estimate.fits ? '' : ', does not fit'}`
    : 'Estimate';
  return [
    lens('Train', lensCommands.train),
    lens('Build & Flash', lensCommands.flash),
    lens(figures, lensCommands.openForm),
  ];
}
