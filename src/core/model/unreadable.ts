import { printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { JsonValue, Problem } from '../problem';
import { deepest, tooDeepAt } from './json-tree';
import { presets } from './presets';

/** More errors of one kind help nobody; a text may have as many as it has characters. */
export const mostOfAKind = 100;

/** Why a text is no JSON: each reason once at a place. */
export function syntaxProblems(text: string, errors: readonly ParseError[]): Problem[] {
  const problems = errors.slice(0, mostOfAKind).map((error) => syntaxProblem(text, error));
  const messages = problems.map(({ message }) => message);
  return problems.filter(({ message }, index) => messages.indexOf(message) === index);
}

function syntaxProblem(text: string, { error, offset, length }: ParseError): Problem {
  const before = text.slice(0, offset).split('\n');
  const reason = printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return {
    code: 'json.syntax',
    severity: 'error',
    path: '',
    message: `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${reason}.`,
    fix: 'Correct the JSON there.',
    // At the end of the text the range stays empty.
    range: { offset, length: Math.min(Math.max(1, length), text.length - offset) },
  };
}

/** A file whose bytes are UTF-16. */
export function utf16Problem(): Problem {
  return {
    code: 'json.utf16',
    severity: 'error',
    path: '',
    message: 'The file is UTF-16; JSON is UTF-8.',
    fix: 'Save it as UTF-8 (in VS Code: Save with Encoding).',
    range: { offset: 0, length: 1 },
  };
}

/** Why a syntactically valid text contains no model. */
export function absenceProblem(text: string): Problem {
  const offset = tooDeepAt(text);
  return offset === undefined ? emptyProblem(text) : depthProblem(offset);
}

function depthProblem(offset: number): Problem {
  return {
    code: 'json.depth',
    severity: 'error',
    path: '',
    message: `The JSON is nested more than ${deepest} levels deep.`,
    fix: 'A model needs three levels.',
    range: { offset, length: 1 },
  };
}

function emptyProblem(text: string): Problem {
  return {
    code: 'json.empty',
    severity: 'error',
    path: '',
    message: 'The file is empty.',
    fix: 'Start from a preset: starmind new DIR --preset demo.',
    fixes: presets.slice(0, 1).map(({ name, file }) => ({
      title: `Start from preset ${name}`,
      changes: [{ path: [], value: file as unknown as JsonValue }],
    })),
    range: { offset: 0, length: text.length },
  };
}
