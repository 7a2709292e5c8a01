import { getNodeValue, type ParseError } from 'jsonc-parser';
import { isUtf16 } from '../byte-order-mark';
import { hasErrors, type Checked } from '../problem';
import { ambiguities } from './ambiguous';
import type { ModelConfig } from './config';
import { withDefaults, type ModelFile } from './defaults';
import { jsonTree } from './json-tree';
import { place } from './place';
import { semanticProblems } from './semantics';
import { absenceProblem, syntaxProblems, utf16Problem } from './unreadable';
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
  if (isUtf16(text)) return { value: undefined, file: undefined, problems: [utf16Problem()] };
  const parseErrors: ParseError[] = [];
  const root = jsonTree(text, parseErrors);
  const problems = syntaxProblems(text, parseErrors);
  if (!root || problems.length > 0) {
    if (problems.length === 0) problems.push(absenceProblem(text));
    return { value: undefined, file: undefined, problems };
  }
  const ambiguous = ambiguities(text, root);
  // What the file says is not known yet, nor where: a place may be one of two.
  if (ambiguous.length > 0) return { value: undefined, file: undefined, problems: ambiguous };
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
