import { utf8Bytes } from '../tokenizer/utf8';

/** A request for a generation. Absent fields use the defaults in the board's image. */
export interface GenerateRequest {
  prompt: string;
  tokens?: number;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  seed?: number;
  /** Ask for the CRC of the logits with each token. */
  crc?: boolean;
  /** Ask for the place of each token in the order of likelihood. */
  rank?: boolean;
}

/** Commands without options. */
export type SimpleCommand = 'stop' | 'info' | 'bench' | 'bootsel';

/** Longest line that the firmware accepts: COMMAND_LINE_BYTES of firmware/app/command.h. */
const lineBytes = 512;

/** Bytes by which a line is too long for the firmware; 0 when it is not. */
export function bytesOver(line: string): number {
  return Math.max(0, utf8Bytes(line).length - lineBytes);
}

/** Bytes of the prompt of a request on its line. */
export function promptBytes({ prompt }: GenerateRequest): number {
  return utf8Bytes(escapePrompt(prompt)).length;
}

/** Order of the numbers in a request. */
const numbers = ['tokens', 'temperature', 'top_k', 'top_p', 'seed'] as const;

/** Digits after the point: more make no difference to the device. */
const decimals = 6;

/**
 * The line for a request, without its end. The prompt comes last since it extends to the end of the
 * line.
 */
export function formatGenerate(request: GenerateRequest): string {
  const options = numbers.flatMap((name) => {
    const value = request[name];
    return value === undefined ? [] : [`${name}=${formatNumber(value)}`];
  });
  for (const flag of ['crc', 'rank'] as const) {
    if (request[flag] !== undefined) options.push(`${flag}=${request[flag] ? 1 : 0}`);
  }
  return ['generate', ...options, `prompt=${escapePrompt(request.prompt)}`].join(' ');
}

/** The device reads no exponents. */
function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(decimals).replace(/\.?0+$/, '');
}

/** A prompt on one line: \n, \t, \\ and \xHH; characters beyond ASCII stay UTF-8. */
export function escapePrompt(prompt: string): string {
  return prompt.replace(/[\\\u0000-\u001f\u007f]/g, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    if (character === '\\') return '\\\\';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** The prompt of a line that requests a generation; undefined for other lines. */
export function readGenerate(line: string): { prompt: string } | undefined {
  if (!/^generate( |$)/.test(line)) return undefined;
  const [, prompt = ''] = /^.*? prompt=(.*)$/s.exec(line) ?? [];
  return { prompt: unescapePrompt(prompt) };
}

/** The counterpart of escapePrompt. */
function unescapePrompt(text: string): string {
  return text.replace(/\\(n|t|\\|x[0-9a-fA-F]{2})/g, (_, escape: string) => {
    if (escape === 'n') return '\n';
    if (escape === 't') return '\t';
    if (escape === '\\') return '\\';
    return String.fromCharCode(parseInt(escape.slice(1), 16));
  });
}
