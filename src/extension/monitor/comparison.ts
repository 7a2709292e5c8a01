import type { Sampling } from '../../core/model/config';
import type { GenerateRequest } from '../../core/wire/commands';
import { samplingOf, type HelloRecord } from '../../core/wire/device-records';
import type { HostToken } from '../../core/wire/monitor-messages';
import { speakInThread } from '../../node/wasm/speech';

/** Looks for the device image that has this digest, in hexadecimal, among the runs. */
export type FindImage = (contentHash: string) => Promise<Uint8Array | undefined>;

/** The part of a board's hello about its model. */
export type BoardModel = Pick<HelloRecord, 'model' | 'sampling'>;

/** Messages to the view about a comparison. */
export type ComparisonMessage =
  { kind: 'host'; tokens: readonly HostToken[]; done: boolean } | { kind: 'noHost'; why: string };

/** Token count of a request without one: as many as fit the context. */
const noLimit = 0xffffffff;

/**
 * Generates on this computer what the board was asked for, in the arithmetic of the board, and
 * posts it to the view, or why that cannot be done.
 *
 * @param board its sampling defaults fill what the request leaves out
 */
export async function compare(
  board: BoardModel,
  request: GenerateRequest,
  findImage: FindImage,
  tell: (message: ComparisonMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { model, sampling } = board;
    const image = model === undefined ? undefined : await findImage(model);
    if (image && sampling) await speak(image, samplingOf(sampling), request, tell, signal);
    else tell({ kind: 'noHost', why: whyNone(model) });
  } catch (error) {
    if (signal.aborted) return tell({ kind: 'host', tokens: [], done: true });
    // An error here, for instance a run that was just deleted, must not stop the board's
    // generation.
    tell({ kind: 'noHost', why: (error as Error).message });
  }
}

async function speak(
  image: Uint8Array,
  sampling: Sampling,
  request: GenerateRequest,
  tell: (message: ComparisonMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  const { prompt, tokens = noLimit, seed = 1, ...asked } = request;
  const { temperature, top_k, top_p } = { ...sampling, ...asked };
  const options = {
    prompt: Buffer.from(prompt),
    tokens,
    sampling: { temperature, top_k, top_p },
    seed,
  };
  await speakInThread(
    image,
    options,
    (spoken) => tell({ kind: 'host', tokens: spoken, done: false }),
    signal,
  );
  tell({ kind: 'host', tokens: [], done: true });
}

function whyNone(model: string | undefined): string {
  return model === undefined
    ? 'The board has not said which model it has.'
    : `No run of this workspace has the model of the board (${model}).`;
}
