import { getNodeValue, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { hasErrors, type Checked, type Problem } from '../problem';
import type { ModelConfig } from './config';
import { withDefaults, type ModelFile } from './defaults';
import { deepest, jsonTree, tooDeepAt } from './json-tree';
import { place } from './place';
import { semanticProblems } from './semantics';
import { checkSchema } from './validate';

/** A model.json that was read: `file` is what it says, `value` what that means. */
export interface ParsedModel extends Checked<ModelConfig> {
  /**
   * Present when the schema accepts the text, though its values may not go together. What it leaves
   * out follows from what it says.
   */
  file: ModelFile | undefined;
}

/**
 * Reads the text of a model.json. Comments and trailing commas are accepted. The value is present
 * when there is no error; warnings may stand beside it. Never throws for bad input.
 *
 * @param fallbackName name of a model that does not name itself
 */
export function parseModel(text: string, fallbackName = 'model'): ParsedModel {
  const parseErrors: ParseError[] = [];
  const root = jsonTree(text, parseErrors);
  const problems = parseErrors.map((error): Problem => syntaxProblem(text, error));
  if (!root || problems.length > 0) {
    if (problems.length === 0) problems.push(depthProblem(text) ?? emptyProblem(text));
    return { value: undefined, file: undefined, problems };
  }
  const { known, problems: schemaProblems } = checkSchema(getNodeValue(root));
  problems.push(...schemaProblems);
  const file = hasErrors(problems) ? undefined : (known as ModelFile);
  let value: ModelConfig | undefined;
  if (file) {
    value = withDefaults(file, fallbackName);
    problems.push(...semanticProblems(value));
  }
  const placed = problems.map((problem) => place(problem, root));
  return { value: hasErrors(problems) ? undefined : value, file, problems: placed };
}

function syntaxProblem(text: string, error: ParseError): Problem {
  const before = text.slice(0, error.offset).split('\n');
  const reason = printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return {
    code: 'json.syntax',
    severity: 'error',
    path: '',
    message: `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${reason}.`,
    fix: 'Correct the JSON there.',
    range: { offset: error.offset, length: Math.max(1, error.length) },
  };
}

function depthProblem(text: string): Problem | undefined {
  const offset = tooDeepAt(text);
  if (offset === undefined) return undefined;
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
    range: { offset: 0, length: text.length },
  };
}
