import { hasErrors, type Change, type JsonPath, type JsonValue } from '../problem';
import type { ModelConfig } from './config';
import { withDefaults, type ModelFile } from './defaults';
import { semanticProblems } from './semantics';

/** A copy of a model.json's fields after some changes. */
export function changeFile(file: ModelFile, changes: readonly Change[]): ModelFile {
  return changes.reduce<unknown>(
    (root, change) => changed(root, change.path, change),
    file,
  ) as ModelFile;
}

function changed(node: unknown, [step, ...inner]: JsonPath, change: Change): unknown {
  if (step === undefined) return 'value' in change ? change.value : node;
  const { [step]: present, ...others } = (node ?? {}) as Record<string, unknown>;
  if (inner.length > 0) return { ...others, [step]: changed(present, inner, change) };
  if ('value' in change) return { ...others, [step]: change.value };
  if ('rename' in change) return { ...others, [change.rename]: present };
  return others;
}

/**
 * The configuration of a file after some changes; undefined when they break a rule. Absent fields
 * follow the changed values, as when the file is read again.
 */
export function reconfigure(
  file: ModelFile,
  name: string,
  changes: readonly Change[],
): ModelConfig | undefined {
  const config = withDefaults(changeFile(file, changes), name);
  return hasErrors(semanticProblems(config)) ? undefined : config;
}

/** A value of a configuration, by its dotted path; only own properties count. */
export function configValue(config: ModelConfig, path: string): JsonValue | undefined {
  const stepInto = (node: unknown, step: string): unknown =>
    typeof node === 'object' && node !== null && Object.hasOwn(node, step)
      ? (node as Record<string, unknown>)[step]
      : undefined;
  return path.split('.').reduce<unknown>(stepInto, config) as JsonValue | undefined;
}

/** A configuration as a file in which every field is present. */
export function explicitFile(config: ModelConfig): ModelFile {
  const { tokenizer, ...rest } = config;
  if (tokenizer.type === 'run') return rest;
  return {
    ...rest,
    tokenizer: tokenizer.type === 'file' ? { path: tokenizer.path } : { type: tokenizer.type },
  };
}
