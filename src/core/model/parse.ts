import { getNodeValue, type Node, type ParseError } from 'jsonc-parser';
import { isUtf16 } from '../byte-order-mark';
import { hasErrors, type Checked, type Problem } from '../problem';
import { ambiguities } from './ambiguous';
import { inherit, type FindBase } from './base';
import type { ModelConfig } from './config';
import { withDefaults, type ModelFile } from './defaults';
import { isForeignModel } from './foreign';
import { jsonTree } from './json-tree';
import { place } from './place';
import { semanticProblems } from './semantics';
import { shippedFolder, shippedShape } from './shipped-runs';
import { absentTeacher, teacherProblems } from './teacher';
import { absenceProblem, syntaxProblems, utf16Problem } from './unreadable';
import { checkSchema } from './validate';

/** A parsed model.json: `file` has its fields as written, `value` with defaults applied. */
export interface ParsedModel extends Checked<ModelConfig> {
  /**
   * Present when the text conforms to the schema, even if its values contradict each other. Absent
   * fields follow from present ones.
   */
  file: ModelFile | undefined;
  /**
   * The JSON tree of the text, as far as it can be read; callers share it instead of parsing again.
   */
  root: Node | undefined;
  /** The file belongs to another program. */
  isForeign: boolean;
}

/**
 * Reads the text of a model.json. Comments and trailing commas are accepted. The value is present
 * when there is no error; warnings may stand beside it. Never throws for bad input.
 *
 * @param fallbackName name of a model that does not name itself
 * @param findBase gives the shapes of the runs that `training.from` and `training.teacher` name
 */
export function parseModel(text: string, fallbackName = 'model', findBase?: FindBase): ParsedModel {
  if (isUtf16(text)) {
    const problems = [utf16Problem()];
    return { value: undefined, file: undefined, root: undefined, isForeign: false, problems };
  }
  const parseErrors: ParseError[] = [];
  const root = jsonTree(text, parseErrors);
  const problems = syntaxProblems(text, parseErrors);
  const isForeign = parseErrors.length === 0 && isForeignModel(root);
  const unread = { value: undefined, file: undefined, root, isForeign };
  if (!root || problems.length > 0) {
    if (problems.length === 0) problems.push(absenceProblem(text));
    return { ...unread, problems };
  }
  const ambiguous = ambiguities(text, root);
  // Duplicate fields leave open which value counts, and where problems would be placed.
  if (ambiguous.length > 0) return { ...unread, problems: ambiguous };
  const { json, problems: baseProblems } = inherit(getNodeValue(root), findBase);
  const { known, problems: schemaProblems } = checkSchema(json);
  problems.push(...baseProblems);
  // A missing run explains a missing shape.
  const isExplained = hasErrors(baseProblems);
  problems.push(...schemaProblems.filter((problem) => !isExplained || !lacksShape(problem)));
  const file = hasErrors(problems) ? undefined : (known as ModelFile);
  let value: ModelConfig | undefined;
  if (file) {
    value = withDefaults(file, fallbackName);
    problems.push(...semanticProblems(value), ...teaching(value, findBase));
  }
  const placed = problems.map((problem) => place(problem, root));
  return {
    value: hasErrors(problems) ? undefined : value,
    file,
    root,
    isForeign,
    problems: placed,
  };
}

function teaching(config: ModelConfig, findBase: FindBase | undefined): Problem[] {
  const { teacher } = config.training;
  if (teacher === undefined || !findBase) return [];
  const shape = findBase(teacher);
  return shape ? teacherProblems(config, shape) : [absentTeacher(config)];
}

/**
 * Finds runs of the package by name, and others through their own model.json.
 *
 * @param readText gives the text of a file by its path relative to the model's folder; throws, or
 *   gives undefined, where there is none
 */
export function baseFinder(readText: (path: string) => string | undefined): FindBase {
  return (from) => {
    const shipped = shippedFolder(from);
    if (shipped !== undefined) return shippedShape(shipped);
    let text: string | undefined;
    try {
      text = readText(`${from}/model.json`);
    } catch {
      // A file that cannot be read is as good as none.
      return undefined;
    }
    return text === undefined ? undefined : parseModel(text).value?.architecture;
  };
}

function lacksShape({ code, path }: Problem): boolean {
  return code === 'field.missing' && path === '';
}
