import { bytesTooMany } from '../../src/core/monitor/prompt-limit';
import { grouped } from '../../src/core/text';
import type { GenerateRequest } from '../../src/core/wire/commands';
import type { MonitorConnection } from '../../src/core/wire/monitor-messages';
import { samplingFields, samplingNumber, type Settings } from './settings';

/** Why the user cannot send a prompt; undefined when that is possible. */
export function whyHeld({ status, hello }: MonitorConnection): string | undefined {
  switch (status) {
    case 'none':
      return 'No board is connected.';
    case 'searching':
      return 'The board runs no program that listens, or is not there.';
    case 'lent':
      return 'Something else has the port for now.';
    case 'failed':
      return 'The board cannot be reached.';
    case 'replaying':
      return 'A recorded session answers nothing.';
    case 'connected':
      return hello && !hello.model ? 'The board has no model: flash one.' : undefined;
  }
}

/** Builds the request, with the problem of its values if there is one. */
export function requestFrom(
  prompt: string,
  sampling: Settings['sampling'],
): { request: GenerateRequest; problem?: string } {
  const request: GenerateRequest = { prompt };
  for (const field of samplingFields) {
    const value = samplingNumber(field, sampling[field]);
    if (typeof value === 'object') return { request, problem: value.problem };
    if (value !== undefined) request[field] = value;
  }
  const surplus = bytesTooMany(request);
  if (surplus === 0) return { request };
  const bytes = surplus === 1 ? 'byte' : 'bytes';
  return { request, problem: `The prompt is ${grouped(surplus)} ${bytes} too long for the board.` };
}
