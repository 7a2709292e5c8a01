import { tensorFormats, type TensorFormat } from '../model/formats';

/** A field of a stored record. `hash` has 8 bytes; `scale` is a mantissa and an exponent of 32 bits. */
export type FieldType = 'u8' | 'u16' | 'i16' | 'u32' | 'scale' | 'hash';

export interface Field {
  name: string;
  type: FieldType;
  /** Comment for the generated C header. */
  comment?: string;
}

export const imageMagic = 0x504d5453;

/** Raise it with every change of the tables below or of the order of the sections. */
export const imageVersion = 5;

/** Bytes of the digests in an image. */
export const hashBytes = 8;

const fieldBytes: Record<FieldType, number> = {
  ...{ u8: 1, u16: 2, i16: 2, u32: 4, scale: 8, hash: hashBytes },
};

/** Sections of an image, scale layouts: a name's place is its code. */
export const sections = ['weights', 'cold', 'stream'] as const;
export const scaleLayouts = ['none', 'row', 'group', 'byte'] as const;

/** Where the scales of a format are. */
export function scaleLayoutOf(format: TensorFormat): (typeof scaleLayouts)[number] {
  const { scaleBytes } = tensorFormats[format];
  return scaleBytes === 0 ? 'none' : scaleBytes === 1 ? 'byte' : 'row';
}

/** The header of an image; little-endian, every field on a multiple of its size (of 4 at most). */
export const headerFields = [
  { name: 'magic', type: 'u32' },
  { name: 'version', type: 'u16' },
  { name: 'header_bytes', type: 'u16' },
  { name: 'image_bytes', type: 'u32' },
  { name: 'crc32', type: 'u32', comment: 'of all bytes behind this field, up to image_bytes' },
  {
    name: 'content_hash',
    type: 'hash',
    comment: 'of all bytes behind this field: the identity of the image',
  },
  { name: 'tokenizer_hash', type: 'hash' },
  { name: 'vocab_size', type: 'u32' },
  { name: 'dim', type: 'u16' },
  { name: 'hidden_dim', type: 'u16' },
  { name: 'n_layers', type: 'u16' },
  { name: 'n_heads', type: 'u16' },
  { name: 'n_kv_heads', type: 'u16' },
  { name: 'head_dim', type: 'u16' },
  { name: 'max_seq_len', type: 'u16' },
  { name: 'norm', type: 'u8' },
  { name: 'position', type: 'u8' },
  { name: 'activation', type: 'u8' },
  { name: 'gated', type: 'u8' },
  { name: 'tied', type: 'u8' },
  { name: 'when_full', type: 'u8', comment: 'what a generation does when the context is full' },
  { name: 'kv_cache', type: 'u32', comment: 'format of cached keys and values' },
  { name: 'ngram_rows', type: 'u32', comment: 'of each n-gram table; 0: there are none' },
  { name: 'ngram_width', type: 'u16', comment: 'elements of such a row' },
  { name: 'ngram_into', type: 'u8', comment: 'what the rows are added to' },
  { name: 'ngram_format', type: 'u8', comment: 'of the rows' },
  { name: 'temperature', type: 'u32', comment: 'Q16; sampling where a request leaves it out' },
  { name: 'top_k', type: 'u32', comment: '0: no limit' },
  { name: 'top_p', type: 'u32', comment: 'Q16; 65536: no limit' },
  { name: 'tensor_count', type: 'u32' },
  { name: 'tensors_offset', type: 'u32', comment: 'from the start of the image' },
  { name: 'tokenizer_offset', type: 'u32' },
  { name: 'tokenizer_bytes', type: 'u32' },
  { name: 'cold_offset', type: 'u32' },
  { name: 'cold_bytes', type: 'u32' },
  { name: 'weights_offset', type: 'u32' },
  { name: 'weights_bytes', type: 'u32' },
  { name: 'stream_offset', type: 'u32' },
  { name: 'stream_bytes', type: 'u32' },
  { name: 'norm_factor', type: 'scale', comment: 'sqrt(dim)' },
  { name: 'attention_factor', type: 'scale', comment: 'log2(e) / sqrt(head_dim)' },
] as const satisfies readonly Field[];

/** The descriptor of a tensor. */
export const tensorFields = [
  { name: 'values_offset', type: 'u32', comment: 'within its section' },
  {
    name: 'scales_offset',
    type: 'u32',
    comment: 'within its section, of a streamed matrix within weights; unused without scales',
  },
  { name: 'rows', type: 'u32', comment: '0: the model has no such tensor' },
  { name: 'columns', type: 'u32' },
  { name: 'stride', type: 'u32', comment: 'bytes from one tile, or row of int16, to the next' },
  { name: 'group_size', type: 'u16', comment: 'columns that share a scale; 0 but for groups' },
  { name: 'exponent', type: 'i16' },
  { name: 'format', type: 'u8' },
  { name: 'section', type: 'u8' },
  { name: 'scale_layout', type: 'u8' },
  { name: 'alignment', type: 'u8', comment: 'of tiles or rows: 2 or 4 bytes' },
] as const satisfies readonly Field[];

type NameIn<Fields extends readonly Field[]> = Fields[number]['name'];
export type HeaderField = NameIn<typeof headerFields>;
export type TensorField = NameIn<typeof tensorFields>;

export function recordBytes(fields: readonly Field[]): number {
  return fields.reduce((sum, { type }) => sum + fieldBytes[type], 0);
}

export const imageHeaderBytes = recordBytes(headerFields);
export const tensorDescriptorBytes = recordBytes(tensorFields);

/** Offset of a field in its record, in bytes. */
function offsetIn(fields: readonly Field[], name: string): number {
  return recordBytes(
    fields.slice(
      0,
      fields.findIndex((field) => field.name === name),
    ),
  );
}

export const headerOffset = (name: HeaderField): number => offsetIn(headerFields, name);
export const tensorOffset = (name: TensorField): number => offsetIn(tensorFields, name);

/** The CRC-32 and the digest of the content each cover the bytes behind them. */
export const crcStart = headerOffset('content_hash');
export const contentStart = headerOffset('tokenizer_hash');
