import { fieldAt, fieldsOf } from '../../../src/core/model/fields';
import type { ModelConfig } from '../../../src/core/model/config';
import { configValue } from '../../../src/core/model/reconfigure';
import type { ShownModel } from '../state';

/** Sections of model.json that have a heading of their own. */
export const sections = [
  'architecture',
  'quantization',
  'tokenizer',
  'data',
  'training',
  'target',
] as const satisfies readonly (keyof ModelConfig)[];

export type Section = (typeof sections)[number];

/** Paths of the fields of a section, including fields of nested objects. */
export function pathsOf(section: string): string[] {
  return fieldsOf(section).flatMap(([name, { properties }]) =>
    properties ? pathsOf(`${section}.${name}`) : [`${section}.${name}`],
  );
}

const shown = new Set(['name', 'architecture.ngram_tables', ...sections.flatMap(pathsOf)]);

/** Whether a field of the form shows the problems of this path. */
export function isShownBesideField(path: string): boolean {
  return shown.has(path);
}

/** The last step of a path: the name of the field. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Whether model.json sets the value rather than leave it to the default. */
export function isWritten({ file }: ShownModel, path: string): boolean {
  return configValue(file as ModelConfig, path) !== undefined;
}

/** Whether model.json may leave the value out. */
export function isOptional(path: string): boolean {
  const required = fieldAt(path.slice(0, path.lastIndexOf('.')))?.required ?? ['version'];
  return !required.includes(nameOf(path));
}

/** The id that connects a label or link to its field. */
export function fieldId(path: string): string {
  return `field-${path.replaceAll('.', '-')}`;
}
