import type { Sampling } from '../../core/model/config';
import type { GenerateRequest } from '../../core/wire/commands';
import type { HostToken } from '../../core/wire/monitor-messages';
import { speakInThread } from '../../node/wasm/speech';

/** A run of the workspace whose model is on the board. */
export interface MatchingRun {
  /** The device image. */
  image: Uint8Array;
  /** What the firmware was built with, where a request leaves something out. */
  sampling: Sampling;
}

/** Looks for the run whose model has this digest, in hexadecimal. */
export type FindRun = (modelHash: string) => Promise<MatchingRun | undefined>;

/** What the view is told of a comparison. */
export type ComparisonMessage =
  { kind: 'host'; tokens: readonly HostToken[]; done: boolean } | { kind: 'noHost'; why: string };

/** Tokens that a board speaks when it is not told how many: as many as fit. */
const noLimit = 0xffffffff;

/**
 * Lets this computer say what the board was asked to say, in the arithmetic of the board, and tells
 * the view; or why that cannot be.
 *
 * @param modelHash of the model on the board; undefined when it has none
 */
export async function compare(
  modelHash: string | undefined,
  request: GenerateRequest,
  findRun: FindRun,
  tell: (message: ComparisonMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const run = modelHash === undefined ? undefined : await findRun(modelHash);
    if (run) await speak(run, request, tell, signal);
    else tell({ kind: 'noHost', why: whyNone(modelHash) });
  } catch (error) {
    if (signal.aborted) return tell({ kind: 'host', tokens: [], done: true });
    // Whatever it is, such as a run that has just been deleted, the board speaks on.
    tell({ kind: 'noHost', why: (error as Error).message });
  }
}

async function speak(
  { image, sampling }: MatchingRun,
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

function whyNone(modelHash: string | undefined): string {
  return modelHash === undefined
    ? 'The board has not said which model it has.'
    : `No run of this workspace has the model of the board (${modelHash}).`;
}
