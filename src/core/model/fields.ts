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

/** Useful sizes: powers of two, and the halves between them that divide well. */
const sizes = [
  1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024,
].concat([1536, 2048, 3072, 4096, 6144, 8192]);

/** Where the sliders of the shape end: beyond, nothing fits the chip. */
const reach: Record<string, number> = {
  vocab_size: 8192,
  dim: 512,
  hidden_dim: 2048,
  n_layers: 16,
  n_heads: 32,
  n_kv_heads: 32,
  head_dim: 128,
  max_seq_len: 2048,
};

/**
 * The positions of a shape field's slider, ascending: useful sizes within the schema's limits,
 * those that divide n_heads for n_kv_heads, and the present value wherever it lies.
 */
export function sliderStops(name: string, present: number, n_heads: number): number[] {
  const limit = reach[name];
  if (limit === undefined) return [];
  const least = fieldAt(`architecture.${name}`)?.minimum ?? 1;
  const candidates = name === 'n_layers' ? Array.from({ length: limit }, (_, i) => i + 1) : sizes;
  const stops = candidates
    .filter((size) => size >= least && size <= limit)
    .filter((size) => name !== 'n_kv_heads' || n_heads % size === 0);
  return [...new Set([...stops, present])].sort((a, b) => a - b);
}
