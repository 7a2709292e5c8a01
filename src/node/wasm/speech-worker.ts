// One generation of the engine: a bundle of its own, which speech.ts starts.
import { parentPort, workerData } from 'node:worker_threads';
import type { HostToken } from '../../core/wire/monitor-messages';
import { StarmindError } from '../starmind-error';
import { WasmEngine } from './engine';
import type { FromSpeechWorker, SpeechWorkerStart } from './speech-messages';

/** Milliseconds between two messages: each wakes the receiving thread. */
const interval = 30;

function post(message: FromSpeechWorker): void {
  parentPort?.postMessage(message);
}

async function speak({ image, options }: SpeechWorkerStart): Promise<void> {
  const engine = await WasmEngine.open(image);
  // Tokens may end inside a character; the decoder waits for the rest.
  const decoder = new TextDecoder();
  let tokens: HostToken[] = [];
  let index = 0;
  let told = performance.now();
  for (const { id, bytes } of engine.generate(options)) {
    tokens.push({ index: index++, id, text: decoder.decode(bytes, { stream: true }) });
    if (performance.now() - told < interval) continue;
    post({ type: 'tokens', tokens });
    tokens = [];
    told = performance.now();
  }
  post({ type: 'tokens', tokens });
  post({ type: 'done' });
}

speak(workerData as SpeechWorkerStart).catch((error: unknown) => {
  if (!(error instanceof StarmindError)) throw error;
  const { code, exitCode, message, remedy } = error;
  post({ type: 'refused', code, exitCode, message, remedy });
});
