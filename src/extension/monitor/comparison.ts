import type { Sampling } from '../../core/model/config';
import type { GenerateRequest } from '../../core/wire/commands';
import { samplingOf, type HelloRecord } from '../../core/wire/device-records';
import type { HostToken } from '../../core/wire/monitor-messages';
import { speakInThread } from '../../node/wasm/speech';

/** Looks for the device image that has this digest, in hexadecimal, among the runs. */
export type FindImage = (contentHash: string) => Promise<Uint8Array | undefined>;

/** What a board says of its model. */
export type BoardModel = Pick<HelloRecord, 'model' | 'sampling'>;

/** What the view is told of a comparison. */
export type ComparisonMessage =
  { kind: 'host'; tokens: readonly HostToken[]; done: boolean } | { kind: 'noHost'; why: string };

/** Tokens that a board speaks when it is not told how many: as many as fit. */
const noLimit = 0xffffffff;

/**
 * Lets this computer say what the board was asked to say, in the arithmetic of the board, and tells
 * the view; or why that cannot be.
 *
 * @param board what it samples with is taken where the request leaves it out
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
    // Whatever it is, such as a run that has just been deleted, the board speaks on.
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
