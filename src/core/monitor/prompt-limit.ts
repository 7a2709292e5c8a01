import { bytesOver, formatGenerate, type GenerateRequest } from '../wire/commands';

/** Fields that the host may add to the user's request. */
const added = { seed: 1, rank: true };

/** Bytes by which a request is too long for the firmware; 0 when it is not. */
export function bytesTooMany(request: GenerateRequest): number {
  return bytesOver(formatGenerate({ ...added, ...request }));
}
