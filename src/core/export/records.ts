import type { Scale } from '../quant/scale';
import { recordBytes, type Field } from './image-fields';

/** Values of the fields of a record, by their types. */
export type RecordValues<Fields extends readonly Field[]> = {
  [Each in Fields[number] as Each['name']]: Each['type'] extends 'hash'
    ? Uint8Array
    : Each['type'] extends 'scale'
      ? Scale
      : number;
};

/** Writes a record, every field of it, at an offset. */
export function writeRecord<const Fields extends readonly Field[]>(
  bytes: Uint8Array,
  offset: number,
  fields: Fields,
  values: RecordValues<Fields>,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, recordBytes(fields));
  const byName = values as Record<string, number | Scale | Uint8Array>;
  let at = 0;
  for (const field of fields) {
    const value = byName[field.name];
    if (value instanceof Uint8Array) bytes.set(value, offset + at);
    else if (typeof value === 'object') {
      view.setUint32(at, value.mantissa, true);
      view.setInt32(at + 4, value.exponent, true);
    } else setNumber(view, at, field.type, value ?? 0);
    at += recordBytes([field]);
  }
}

/** Negative values as two's complement. */
function setNumber(view: DataView, at: number, type: Field['type'], value: number): void {
  switch (type) {
    case 'u8':
      return view.setUint8(at, value);
    case 'u16':
    case 'i16':
      return view.setUint16(at, value, true);
    default:
      return view.setUint32(at, value, true);
  }
}
