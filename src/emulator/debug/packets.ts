/** What a debugger says in GDB's remote protocol. */
export type FromDebugger =
  | { kind: 'packet'; content: string }
  /** A packet whose checksum is wrong: it is to be sent again. */
  | { kind: 'damaged' }
  /** Ctrl+C: the program is to be halted. */
  | { kind: 'interrupt' };

/** Says that a packet has come, and that it has to come again. */
export const accepted = '+';
export const refused = '-';

/** Characters of the longest packet, frame and all; debuggers are told of half of it. */
const longestPacket = 0x8000;

/** A packet ready to be sent. */
export function framed(content: string): string {
  return `$${content}#${checksum(content)}`;
}

/** Sorts what a debugger sends, which arrives in pieces cut anywhere. */
export class PacketReader {
  private rest = '';

  /** @param text a character for each byte */
  push(text: string): FromDebugger[] {
    this.rest += text;
    const said: FromDebugger[] = [];
    for (let next = this.next(); next; next = this.next()) said.push(next);
    if (this.rest.length > longestPacket) this.rest = '';
    return said;
  }

  private next(): FromDebugger | undefined {
    // Between packets there are acknowledgements, which nothing depends on over TCP.
    const start = this.rest.search(/[$\x03]/);
    this.rest = start < 0 ? '' : this.rest.slice(start);
    if (this.rest.startsWith('\x03')) {
      this.rest = this.rest.slice(1);
      return { kind: 'interrupt' };
    }
    const [frame, content, sum] = /^\$([^#]*)#([0-9a-f]{2})/i.exec(this.rest) ?? [];
    if (frame === undefined || content === undefined) return undefined;
    this.rest = this.rest.slice(frame.length);
    const isWhole = sum?.toLowerCase() === checksum(content);
    return isWhole ? { kind: 'packet', content } : { kind: 'damaged' };
  }
}

function checksum(content: string): string {
  let sum = 0;
  for (let i = 0; i < content.length; i++) sum += content.charCodeAt(i);
  return (sum & 0xff).toString(16).padStart(2, '0');
}
