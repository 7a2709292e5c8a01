/** Seeded inputs for the property tests (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const utf8 = (text: string) => new Uint8Array(new TextEncoder().encode(text));
export const fromUtf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const words =
  'the a cat dog sat ran mat hat and then there they big small 12 345 . , ! " \n\n é ü 日本 語 😀 — don\'t';

export function englishLike(seed: number, length: number): Uint8Array {
  const random = seededRandom(seed);
  const list = words.split(' ');
  let text = '';
  while (text.length < length) text += `${list[Math.floor(random() * list.length)]} `;
  return utf8(text);
}

export function randomBytes(seed: number, length: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

/** Inputs that a tokenizer must survive, by their difficulty. */
export const nastyInputs: [string, Uint8Array][] = [
  ['nothing', new Uint8Array(0)],
  ['one space', utf8(' ')],
  ['every byte', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
  ['every byte backwards', Uint8Array.from({ length: 256 }, (_, byte) => 255 - byte)],
  ['random bytes', randomBytes(7, 5000)],
  ['text', englishLike(8, 5000)],
  ['UTF-8', utf8('naïve café 日本語のテキスト 😀😀 — “quoted” Ελληνικά')],
  ['broken UTF-8', Uint8Array.of(0xe2, 0x80, 0x20, 0xf0, 0x9f, 0x98, 0xc3, 0x41, 0xff)],
  ['a long run of letters', utf8('a'.repeat(20_000))],
  ['a long run of spaces', utf8(' '.repeat(20_000) + 'end')],
  ['a long run of two letters', utf8('the'.repeat(5_000))],
  ['special texts', utf8('<|endoftext|> and <|byte|>\n<|endoftext|>')],
  ['white space', utf8(' \t\n\r\n\v\f  a\n  b \n')],
];
