import { bytesOver, formatGenerate, type GenerateRequest } from '../wire/commands';

/** What the host adds at most to what the user has asked for. */
const added = { seed: 1, rank: true };

/** Bytes by which a request is too long for the firmware; 0 when it is not. */
export function bytesTooMany(request: GenerateRequest): number {
  return bytesOver(formatGenerate({ ...added, ...request }));
}
