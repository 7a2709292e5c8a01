import { dirname, resolve } from 'node:path';
import pc from 'picocolors';
import { estimateModel, type Estimate } from '../../core/estimate/estimate';
import { unusedTokens } from '../../core/estimate/unused-tokens';
import { tokenizerSectionBytes } from '../../core/export/tokenizer-section';
import type { ModelConfig } from '../../core/model/config';
import { hasErrors, type Problem } from '../../core/problem';
import { byteVocabSize } from '../../core/tokenizer/model';
import { exitCodes, StarmindError } from '../../node/starmind-error';
import { describeProblem, runFolder } from '../../node/run/folder';
import { namedRunPath } from '../../node/run/named-run';
import { importTokenizer } from '../../node/run/tokenizer-file';
import { loadModelWithWarnings, modelFileOf, type CommandContext } from '../context';
import { coreCount, grouped } from '../../core/text';
import { table } from '../output';

/** `starmind estimate FILE`. */
export async function estimate(context: CommandContext, path: string): Promise<void> {
  const file = modelFileOf(path);
  const { config, warnings } = await loadModelWithWarnings(file, context);
  const { tokenizerBytes, problems: found } = await lookAtTokenizer(config, file);
  const result = estimateModel(config, { tokenizerBytes });
  const problems = [...warnings, ...found, ...result.problems];
  context.output.text(describeEstimate(result));
  for (const problem of [...found, ...result.problems]) {
    if (problem.severity === 'warning') context.output.warning(describeProblem(problem));
    else context.output.note(`${pc.red('error:')} ${describeProblem(problem)}`);
  }
  if (hasErrors(problems)) process.exitCode = exitCodes.input;
  context.output.result({ ...result, problems });
}

/**
 * Size and warnings of a model's tokenizer file; undefined size for one that training will learn.
 */
async function lookAtTokenizer(
  { tokenizer, ...config }: ModelConfig,
  modelFile: string,
): Promise<{ tokenizerBytes?: number; problems: Problem[] }> {
  if (tokenizer.type === 'byte') {
    return { problems: unusedTokens({ tokenizer, ...config }, byteVocabSize) };
  }
  const folder = dirname(modelFile);
  const path =
    tokenizer.type === 'file' ? resolve(folder, tokenizer.path) : baseTokenizer(folder, config);
  if (path === undefined) return { problems: [] };
  try {
    const imported = await importTokenizer(path, { tokenizer, ...config });
    return {
      tokenizerBytes: tokenizerSectionBytes(imported.tokenizer),
      problems: imported.warnings,
    };
  } catch (error) {
    if (!(error instanceof StarmindError)) throw error;
    const { code, message, remedy: fix } = error;
    return { problems: [{ code, severity: 'error', path: 'tokenizer.path', message, fix }] };
  }
}

/** The tokenizer that a training takes over from a run, which a model.json in `folder` names. */
function baseTokenizer(
  folder: string,
  { training }: Pick<ModelConfig, 'training'>,
): string | undefined {
  const name = training.from ?? training.teacher;
  return name === undefined ? undefined : runFolder(namedRunPath(folder, name)).tokenizer;
}

/** The estimate as text. */
export function describeEstimate(estimate: Estimate): string {
  const { parameters, sram, flash, speed, placement } = estimate;
  const bar = memoryBar(sram.parts, sram.limit);
  const rows = [
    ...partRows(sram.parts),
    ['  total', grouped(sram.total)],
    [sram.free < 0 ? '  missing' : '  free', grouped(Math.abs(sram.free))],
  ];
  return [
    `Parameters  ${grouped(parameters.total)}`,
    `SRAM        ${grouped(sram.total)} of ${grouped(sram.limit)} bytes  ${bar}`,
    table(rows),
    `Flash       ${grouped(flash.total)} of ${grouped(flash.limit)} bytes`,
    table(partRows(flash.parts)),
    `Speed       ${speed.tokens_per_second.toFixed(1)} tokens/s at ${speed.clock_mhz} MHz, ${coreCount(speed.cores)} and context ${speed.context} (${grouped(speed.cycles_per_token)} cycles a token, estimated)`,
    ...(placement === undefined ? [] : [placement]),
  ].join('\n');
}

/** A row of a table for each part of a memory. */
function partRows(parts: object): string[][] {
  return Object.entries(parts).map(([part, bytes]: [string, number]) => [
    `  ${part}`,
    grouped(bytes),
  ]);
}

/** One letter per 1/40 of the memory: the initial of the part that fills it. */
function memoryBar(parts: object, limit: number): string {
  const cells = 40;
  let filled = 0;
  let bar = '';
  for (const [part, bytes] of Object.entries(parts) as [string, number][]) {
    filled += bytes;
    bar = bar.padEnd(Math.min(cells, Math.round((cells * filled) / limit)), part[0] ?? ' ');
  }
  return `[${bar.padEnd(cells, '.')}]`;
}
