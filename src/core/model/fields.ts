import schema from './model.schema.json';
import type { JsonValue } from '../problem';

/** What the schema says of a field. */
export interface SchemaField {
  description: string;
  type?: string;
  minimum?: number;
  maximum?: number;
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
    .reduce<SchemaField | undefined>((field, step) => field?.properties?.[step], {
      description: schema.description,
      properties: schema.properties as Record<string, SchemaField>,
    });
}

/** The fields of a section, in the order of the schema. */
export function fieldsOf(section: string): [name: string, field: SchemaField][] {
  return Object.entries(fieldAt(section)?.properties ?? {});
}
