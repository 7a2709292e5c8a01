import { Worker } from 'node:worker_threads';
import type { HostToken } from '../../core/wire/monitor-messages';
import { assetPath } from '../assets';
import { StarmindError } from '../starmind-error';
import type { GenerateOptions } from './engine';
import type { FromSpeechWorker, SpeechWorkerStart } from './speech-messages';

/**
 * Generates with a device image on this computer, in the arithmetic of the device and in a thread
 * of its own: a step of a large model takes too long for the caller's event loop.
 *
 * @param tell receives the tokens in their order, several at a time
 * @throws StarmindError `image.invalid`, `engine.refused`, `prompt.too-long`; the signal's reason
 */
export async function speakInThread(
  image: Uint8Array,
  options: GenerateOptions,
  tell: (tokens: readonly HostToken[]) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const workerData: SpeechWorkerStart = { image, options };
  const worker = new Worker(assetPath('speech-worker.js'), { workerData });
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('The thread of a speech ended.')));
      worker.on('message', (message: FromSpeechWorker) => {
        switch (message.type) {
          case 'tokens':
            return tell(message.tokens);
          case 'done':
            return resolve();
          case 'refused': {
            const { code, exitCode, message: text, remedy } = message;
            return reject(new StarmindError(code, exitCode, text, remedy));
          }
        }
      });
    });
  } finally {
    await worker.terminate();
  }
}
