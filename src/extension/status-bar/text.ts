import { assessModel } from '../../core/estimate/assess';
import type { FindBase } from '../../core/model/base';
import { fileSize, grouped, speed } from '../../core/text';

/** The content of the status bar for a model. */
export interface ModelStatus {
  text: string;
  /** Tooltip, as Markdown. */
  tooltip: string;
  /** The model does not fit, or has errors. */
  isError: boolean;
  /** The figures belong to the current text. */
  isEstimated: boolean;
}

/**
 * The cost of a model in a few words, and in a table; undefined for another program's file.
 *
 * @param lastGood the result before the text had errors: its figures stay
 * @param findBase finds the runs that the model names
 */
export function modelStatus(
  modelText: string,
  lastGood?: ModelStatus,
  findBase?: FindBase,
): ModelStatus | undefined {
  const { estimate, problems, isForeign } = assessModel(modelText, undefined, undefined, findBase);
  if (isForeign) return undefined;
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!estimate) {
    return {
      text: lastGood
        ? lastGood.text.replace('$(circuit-board)', '$(warning)')
        : '$(circuit-board) model.json has errors',
      tooltip: list(errors.map(({ message }) => message)),
      isError: true,
      isEstimated: false,
    };
  }
  const { sram, flash, parameters, fits } = estimate;
  const figures = `${fileSize(sram.total)} · ${speed(estimate.speed.tokens_per_second)}`;
  const free =
    sram.free < 0
      ? `${grouped(-sram.free)} bytes of SRAM too many`
      : `${grouped(sram.free)} bytes of SRAM free`;
  const table = [
    '| | bytes | of |',
    '|:--|--:|--:|',
    `| SRAM | ${grouped(sram.total)} | ${grouped(sram.limit)} |`,
    `| Flash | ${grouped(flash.total)} | ${grouped(flash.limit)} |`,
  ];
  const paragraphs = [
    `**${grouped(parameters.total)} parameters**`,
    table.join('\n'),
    free,
    ...errors.map(({ message }) => message),
  ];
  return {
    text: `$(circuit-board) ${figures}`,
    tooltip: paragraphs.join('\n\n'),
    isError: !fits,
    isEstimated: true,
  };
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
