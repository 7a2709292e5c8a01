/** A file that is not a safetensors file, or not a whole one. */
export class SafetensorsError extends Error {
  constructor(
    readonly code: 'header' | 'truncated' | 'type' | 'overlap' | 'shape',
    message: string,
    /** The tensor at fault, where it is one. */
    readonly tensor?: string,
    /** Byte of the file at which the fault lies. */
    readonly offset?: number,
  ) {
    super(message);
    this.name = 'SafetensorsError';
  }
}

const elementBytes = { F32: 4, F16: 2, BF16: 2 } as const;

type ElementType = keyof typeof elementBytes;

export interface TensorEntry {
  name: string;
  dtype: ElementType;
  shape: number[];
  elements: number;
  /** Byte offsets into the data. */
  begin: number;
  end: number;
}

interface Header {
  entries: TensorEntry[];
  metadata: Map<string, string>;
  /** Byte of the file at which the data begin. */
  dataStart: number;
}

const lengthBytes = 8;

/** Reads and checks the header: every entry lies inside the file, and no two overlap. */
export function readHeader(bytes: Uint8Array): Header {
  const { fields, dataStart } = readFields(bytes);
  const metadata = readMetadata(fields['__metadata__']);
  const entries = Object.entries(fields)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value, dataStart));
  checkPlaces(entries, bytes.length, dataStart);
  return { entries, metadata, dataStart };
}

function readFields(bytes: Uint8Array): { fields: Record<string, unknown>; dataStart: number } {
  if (bytes.length < lengthBytes) {
    const message = `The file has ${bytes.length} bytes; the length of its header takes 8.`;
    throw new SafetensorsError('truncated', message, undefined, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerLength = Number(view.getBigUint64(0, true));
  const dataStart = lengthBytes + headerLength;
  const startsAsObject = bytes.length === lengthBytes || bytes[lengthBytes] === 0x7b;
  if (!startsAsObject) {
    throw new SafetensorsError('header', 'The file does not begin like a safetensors file.');
  }
  if (dataStart > bytes.length) {
    const message = `The header should end at byte ${dataStart}; the file has ${bytes.length}.`;
    throw new SafetensorsError('truncated', message, undefined, bytes.length);
  }
  try {
    const fields: unknown = JSON.parse(utf8Text(bytes.subarray(lengthBytes, dataStart)));
    return { fields: asRecord(fields), dataStart };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SafetensorsError('header', `The header is not JSON: ${reason}`, undefined, 8);
  }
}

/** Text of UTF-8 bytes; throws when they are invalid. The core has no TextDecoder. */
function utf8Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const isPlain = byte < 0x80 && byte !== 0x25;
    text += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`;
  }
  return decodeURIComponent(text);
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('an object was expected');
  }
  return value as Record<string, unknown>;
}

function readMetadata(value: unknown): Map<string, string> {
  if (value === undefined) return new Map();
  const isText = typeof value === 'object' && value !== null;
  if (!isText || !Object.values(value).every((text) => typeof text === 'string')) {
    throw new SafetensorsError('header', 'The metadata are not texts.');
  }
  return new Map(Object.entries(value as Record<string, string>));
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function readEntry(name: string, value: unknown, dataStart: number): TensorEntry {
  const fields = (value ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const { dtype, shape, data_offsets: offsets } = fields;
  if (typeof dtype !== 'string' || !isCountList(shape) || !isCountList(offsets)) {
    throw new SafetensorsError('header', `The entry of tensor ${name} is malformed.`, name);
  }
  if (!Object.hasOwn(elementBytes, dtype)) {
    const message = `Tensor ${name} has type ${dtype}; only F32, F16 and BF16 can be read.`;
    throw new SafetensorsError('type', message, name);
  }
  const [begin = 0, end = 0] = offsets;
  const elements = shape.reduce((product, size) => product * size, 1);
  const needed = elements * elementBytes[dtype as ElementType];
  if (offsets.length !== 2 || end - begin !== needed) {
    const message = `Tensor ${name} of shape [${shape.join(', ')}] takes ${needed} bytes, not ${end - begin}.`;
    throw new SafetensorsError('shape', message, name, dataStart + begin);
  }
  return { name, dtype: dtype as ElementType, shape, elements, begin, end };
}

function checkPlaces(entries: readonly TensorEntry[], fileLength: number, dataStart: number): void {
  const ordered = [...entries].sort((a, b) => a.begin - b.begin);
  let previous: TensorEntry | undefined;
  for (const entry of ordered) {
    const fileEnd = dataStart + entry.end;
    if (fileEnd > fileLength) {
      const message = `Tensor ${entry.name} should end at byte ${fileEnd}; the file has ${fileLength}.`;
      throw new SafetensorsError('truncated', message, entry.name, fileLength);
    }
    if (previous && entry.begin < previous.end) {
      const message = `Tensors ${previous.name} and ${entry.name} overlap.`;
      throw new SafetensorsError('overlap', message, entry.name, dataStart + entry.begin);
    }
    if (entry.elements > 0) previous = entry;
  }
}
