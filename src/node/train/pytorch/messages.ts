import type { Readable } from 'node:stream';

/** What `main.py` answers to. */
export interface Header {
  type: string;
  /** Length of the body. */
  bytes: number;
}

/** A JSON object, and arrays one after another, little-endian; src/pytorch/messages.py. */
export interface Message<H extends Header = Header> {
  header: H;
  body: Buffer;
}

const prefixBytes = 4;

/** The parts of a message, to be written one after another. */
export function encodeMessage(header: object, body: Uint8Array): [Buffer, Uint8Array] {
  const text = Buffer.from(JSON.stringify({ ...header, bytes: body.byteLength }));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32LE(text.length);
  return [Buffer.concat([prefix, text]), body];
}

/** Calls `onMessage` with each message that arrives on a stream. */
export function readMessages(stream: Readable, onMessage: (message: Message) => void): void {
  const parts: Buffer[] = [];
  let available = 0;
  let header: Header | undefined;
  let wanted = prefixBytes;
  let state: 'prefix' | 'header' | 'body' = 'prefix';

  const advance = (bytes: Buffer) => {
    if (state === 'prefix') {
      [state, wanted] = ['header', bytes.readUInt32LE()];
    } else if (state === 'header') {
      header = JSON.parse(bytes.toString()) as Header;
      [state, wanted] = ['body', header.bytes];
    } else if (header) {
      [state, wanted] = ['prefix', prefixBytes];
      onMessage({ header, body: bytes });
    }
  };

  stream.on('data', (part: Buffer) => {
    parts.push(part);
    available += part.length;
    // A body may have no bytes.
    while (available >= wanted) {
      const all = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
      const bytes = all.subarray(0, wanted);
      const rest = all.subarray(wanted);
      parts.splice(0, parts.length, rest);
      available = rest.length;
      advance(bytes);
    }
  });
}
