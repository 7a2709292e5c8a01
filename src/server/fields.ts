import schema from '../core/model/model.schema.json';
import type { JsonValue } from '../core/problem';

/** What the schema says of a field. */
export interface SchemaField {
  description: string;
  default?: JsonValue;
  enum?: JsonValue[];
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
