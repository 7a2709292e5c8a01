import { InvalidArgumentError, type Command } from 'commander';
import { fieldProblem } from '../core/model/validate';

/** A number as JSON spells it; a digit before the point may be left out. */
const numeral = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

function parseNumber(text: string): number {
  const value = numeral.test(text.trim()) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}

/** Parses a number by the rules that model.json has for the field at a dotted path. */
export function fieldNumber(path: string) {
  return (text: string): number => {
    const value = parseNumber(text);
    const problem = fieldProblem(path, value);
    if (problem !== undefined) throw new InvalidArgumentError(`It ${problem}.`);
    return value;
  };
}

/** Parses a whole number within limits, where no field of model.json sets them. */
export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = parseNumber(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Tokens that a board counts to. */
const mostTokens = 0xffffffff;

/** Options of every command that generates. */
export function speaking(command: Command): Command {
  return command
    .option('--prompt <text>', 'text to continue', '')
    .option('--tokens <n>', 'tokens to speak at most', wholeNumber(0, mostTokens), 128)
    .option('--seed <n>', 'seed of the sampling', fieldNumber('training.seed'), 1)
    .option(
      '--temperature <t>',
      '0 picks the most likely token (default: as in model.json)',
      fieldNumber('target.sampling.temperature'),
    )
    .option(
      '--top-k <k>',
      'only the k most likely tokens; 0: all (default: as in model.json)',
      fieldNumber('target.sampling.top_k'),
    )
    .option(
      '--top-p <p>',
      'only the likeliest tokens with this probability together (default: as in model.json)',
      fieldNumber('target.sampling.top_p'),
    );
}
