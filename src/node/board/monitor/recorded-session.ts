import { isUtf8 } from 'node:buffer';
import { exitCodes, StarmindError } from '../../starmind-error';

/** Something that happened between a board and this computer. */
export type SessionEntry = { /** Milliseconds since 1970. */ at: number } & (
  | { kind: 'data'; /** Bytes from the board, split anywhere. */ bytes: Uint8Array }
  | { kind: 'sent'; bytes: Uint8Array }
  | { kind: 'note'; text: string }
);

/**
 * A recorded session is a file of JSON Lines, .jsonl: this line, then one for each entry.
 *
 *     {"at":1732380000123,"data":"\u001e{\"record\":\"ready\"}\n"}
 *     {"at":1732380000160,"data64":"/wCA"}
 *     {"at":1732380004000,"sent":"stop\n"}
 *     {"at":1732380005000,"note":"/dev/ttyACM0 has gone."}
 *
 * `at` is in milliseconds since 1970. Bytes are text where they are UTF-8, else base64 under a name
 * that ends in 64; the joined data entries equal the board's output byte for byte.
 */
export const sessionHeader = '{"starmind":"session","version":1}\n';

/** The line of an entry, with its end. */
export function formatEntry(entry: SessionEntry): string {
  const { at } = entry;
  const fields = entry.kind === 'note' ? { at, note: entry.text } : { at, ...formatBytes(entry) };
  return `${JSON.stringify(fields).replace(otherLineEnds, escaped)}\n`;
}

/** JSON leaves them as they are, and line readers treat them as line ends. */
const otherLineEnds = /[\u2028\u2029]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

function formatBytes({ kind, bytes }: SessionEntry & { kind: 'data' | 'sent' }): object {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(buffer)
    ? { [kind]: buffer.toString('utf8') }
    : { [`${kind}64`]: buffer.toString('base64') };
}

/** The entry of a line. Undefined for a damaged line, or one of a later version. */
export function parseEntry(line: string): SessionEntry | undefined {
  const fields = parseFields(line);
  const at = fields?.at;
  if (!fields || typeof at !== 'number' || !Number.isFinite(at)) return undefined;
  if (typeof fields.note === 'string') return { at, kind: 'note', text: fields.note };
  for (const kind of ['data', 'sent'] as const) {
    const text = fields[kind];
    const base64 = fields[`${kind}64`];
    if (typeof text === 'string') return { at, kind, bytes: Buffer.from(text) };
    if (typeof base64 === 'string') return { at, kind, bytes: Buffer.from(base64, 'base64') };
  }
  return undefined;
}

function parseFields(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The file is not a recorded session. */
export function notASession(path: string): StarmindError {
  return new StarmindError(
    'session.invalid',
    exitCodes.input,
    `${path} is no recorded session.`,
    'Choose a .jsonl file that the token monitor or starmind monitor --log has written.',
  );
}

export function sessionUnreadable(path: string, cause: unknown): StarmindError {
  return new StarmindError(
    'session.unreadable',
    exitCodes.input,
    `${path} cannot be read: ${String(cause)}`,
    'Check that the file is there and that you may read it.',
    { cause },
  );
}
