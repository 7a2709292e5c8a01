import { formatGenerate, type GenerateRequest } from '../wire/commands';
import { utf8Bytes } from '../tokenizer/utf8';

/** Longest line that the firmware takes: COMMAND_LINE_BYTES of firmware/app/command.h. */
const lineBytes = 512;

/** What the host adds at most to what the user has asked for. */
const added = { seed: 1, rank: true };

/** Bytes by which a request is too long for the firmware; 0 when it is not. */
export function bytesTooMany(request: GenerateRequest): number {
  const { length } = utf8Bytes(formatGenerate({ ...added, ...request }));
  return Math.max(0, length - lineBytes);
}
