/**
 * GPT-2's spelling of bytes as characters, in which Hugging Face files hold byte-level tokens:
 * bytes that are visible in Latin-1 stand for themselves, the others are counted up from U+0100.
 */
const characterOfByte: string[] = [];
const byteOfCharacter = new Map<string, number>();

let hidden = 0;
for (let byte = 0; byte < 256; byte++) {
  const visible = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const character = String.fromCharCode(visible ? byte : 0x100 + hidden++);
  characterOfByte.push(character);
  byteOfCharacter.set(character, byte);
}

export function bytesToUnicode(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => characterOfByte[byte]).join('');
}

/** Undefined when a character stands for no byte. */
export function unicodeToBytes(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = byteOfCharacter.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
