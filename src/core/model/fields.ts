import schema from './model.schema.json';
import type { JsonValue } from '../problem';

/** The schema of a field. */
export interface SchemaField {
  description: string;
  type?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  default?: JsonValue;
  enum?: JsonValue[];
  /** Names of the fields that an object must have. */
  required?: string[];
  properties?: Record<string, SchemaField>;
}

/** The field at a dotted path; undefined when the schema has none there. */
export function fieldAt(path: string): SchemaField | undefined {
  return path
    .split('.')
    .reduce<SchemaField | undefined>((field, step) => ownProperty(field?.properties, step), {
      description: schema.description,
      properties: schema.properties as Record<string, SchemaField>,
    });
}

/** Only own properties: a file may have a field like `constructor`, which every object inherits. */
function ownProperty(fields: Record<string, SchemaField> | undefined, name: string) {
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Whether a number keeps the limits of a field. */
export function isAllowed(path: string, value: number): boolean {
  const { minimum = -Infinity, maximum = Infinity } = fieldAt(path) ?? {};
  return value >= minimum && value <= maximum;
}

/** The fields of a section, in the order of the schema. */
export function fieldsOf(section: string): [name: string, field: SchemaField][] {
  return Object.entries(fieldAt(section)?.properties ?? {});
}
