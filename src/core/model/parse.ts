import Ajv, { type ErrorObject } from 'ajv';
import { closest } from 'fastest-levenshtein';
import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { hasErrors, type Checked, type Problem } from '../problem';
import type { ModelConfig } from './config';
import { withDefaults, type ModelFile } from './defaults';
import schema from './model.schema.json';
import { semanticProblems } from './semantics';

export { schema as modelSchema };

/**
 * Reads the text of a model.json. Comments and trailing commas are accepted. The value is present
 * when there is no error; warnings may stand beside it. Never throws for bad input.
 *
 * @param fallbackName name of a model that does not name itself
 */
export function parseModel(text: string, fallbackName = 'model'): Checked<ModelConfig> {
  const parseErrors: ParseError[] = [];
  const root = parseTree(text, parseErrors, { allowTrailingComma: true });
  const problems = parseErrors.map((error): Problem => syntaxProblem(text, error));
  if (!root || problems.length > 0) {
    if (problems.length === 0) problems.push(emptyProblem(text));
    return { value: undefined, problems };
  }
  const json: unknown = getNodeValue(root);
  problems.push(...schemaProblems(json));
  let value: ModelConfig | undefined;
  if (!hasErrors(problems)) {
    value = withDefaults(json as ModelFile, fallbackName);
    problems.push(...semanticProblems(value));
  }
  const placed = problems.map((problem) => place(problem, root));
  return { value: hasErrors(problems) ? undefined : value, problems: placed };
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

const validate = new Ajv({
  allErrors: true,
  verbose: true,
  strict: true,
  strictRequired: false,
}).compile<ModelFile>(schema);

function schemaProblems(json: unknown): Problem[] {
  if (validate(json)) return [];
  return (validate.errors ?? []).flatMap((error) => schemaProblem(error) ?? []);
}

/** `/architecture/dim` -> `architecture.dim`. */
function dotted(pointer: string, ...more: string[]): string {
  return [...pointer.split('/').slice(1), ...more].join('.');
}

function schemaProblem(error: ErrorObject): Problem | undefined {
  const path = dotted(error.instancePath);
  const name = path || 'model.json';
  const shown = JSON.stringify(error.data);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const field = String(params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties: object }).properties);
      return {
        code: 'field.unknown',
        severity: 'warning',
        path: dotted(error.instancePath, field),
        message: `Unknown field "${field}" is ignored.`,
        fix: `Did you mean "${closest(field, known)}"?`,
      };
    }
    case 'required': {
      const field = dotted(error.instancePath, String(params.missingProperty));
      return {
        code: 'field.missing',
        severity: 'error',
        path,
        message: `${field} is missing.`,
        fix: `Add "${String(params.missingProperty)}".`,
      };
    }
    case 'enum':
      return {
        code: 'value.choice',
        severity: 'error',
        path,
        message: `${name} is ${shown}.`,
        fix: `Choose one of ${(params.allowedValues as unknown[]).join(', ')}.`,
      };
    case 'const':
      return {
        code: 'value.version',
        severity: 'error',
        path,
        message: `${name} is ${shown}.`,
        fix: `This program reads ${name} ${String(params.allowedValue)}.`,
      };
    case 'not':
      return {
        code: 'tokenizer.ambiguous',
        severity: 'error',
        path,
        message: 'The tokenizer has both a type and a path.',
        fix: 'Keep one: a type is learnt from the data, a path is read.',
      };
    default:
      return {
        code: error.keyword === 'type' ? 'value.type' : 'value.range',
        severity: 'error',
        path,
        message: `${name} is ${shown}: it ${error.message ?? 'is not allowed'}.`,
        fix: (error.parentSchema as { description?: string }).description,
      };
  }
}

/** Places a problem on the value at its path, or on the nearest thing around it that exists. */
function place(problem: Problem, root: Node): Problem {
  const steps = problem.path === '' ? [] : problem.path.split('.');
  for (let length = steps.length; length >= 0; length--) {
    const node = findNodeAtLocation(root, steps.slice(0, length));
    if (node) return { ...problem, range: { offset: node.offset, length: node.length } };
  }
  return problem;
}
