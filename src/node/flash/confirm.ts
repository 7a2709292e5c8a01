import type { ImageHeader } from '../../core/export/image-header';
import type { HelloRecord } from '../../core/wire/device-records';
import type { DebugProbe, FoundBoard, SerialPico } from '../board/find/found-board';
import { StarmindError } from '../starmind-error';
import {
  firmwareSilent,
  imageUnusable,
  modelDiffers,
  portMissing,
  portProblem,
} from './flash-errors';
import { waitFor, type FlashJob, type FlashTarget } from './job';

/** A board that has sent its hello. */
interface Greeted {
  port: string;
  hello: HelloRecord;
}

/**
 * Waits until the board is back, and asks which model it has.
 *
 * @param wanted the digest that it should report
 * @returns the port, which may have another name than before; null for a board behind a probe that
 *   neither appears on USB nor answers over the probe's UART
 */
export async function confirmModel(
  job: FlashJob,
  wanted: Pick<ImageHeader, 'contentHash'>,
): Promise<string | null> {
  const { target } = job;
  job.tell({ step: 'restart', message: 'Waiting for the new program' });
  const answer = await (target.kind === 'probe' ? greetedThrough(job, target) : greeted(job));
  if (!answer) return null;
  const { port, hello } = answer;
  if (hello.model === undefined) throw imageUnusable(port, hello);
  if (hello.model !== wanted.contentHash) throw modelDiffers(port, hello.model, wanted.contentHash);
  return port;
}

/** The port with which this board has come back; undefined while it has not. */
export function returnedBoard(
  { target, before }: Pick<FlashJob, 'target' | 'before'>,
  now: readonly FoundBoard[],
): SerialPico | undefined {
  const serial = now.filter((board) => board.kind === 'serial');
  const number = target.kind === 'serial' ? target.serialNumber : undefined;
  const same = number && serial.find(({ serialNumber }) => serialNumber === number);
  if (same) return same;
  // A boot loader does not know its board's number, and other programs may report numbers of their
  // own.
  const others = new Set(before.filter((board) => !isIt(board, target)).map(({ id }) => id));
  const fresh = serial.filter(({ id }) => !others.has(id));
  return fresh.length === 1 ? fresh[0] : undefined;
}

/** Whether a board is the target, which the user may have chosen by its port alone. */
function isIt(board: FoundBoard, target: FlashTarget): boolean {
  return (
    board.id === target.id || ('port' in board && 'port' in target && board.port === target.port)
  );
}

/** The hello of a board behind a probe, whose USB port and UART may both be unconnected. */
async function greetedThrough(job: FlashJob, { port }: DebugProbe): Promise<Greeted | undefined> {
  const { host, patience, signal } = job;
  const look = async () => returnedBoard(job, await host.boards());
  if (await waitFor(job, patience.probe, look)) return greeted(job);
  job.tell({ step: 'check', message: `Greeting it over the UART of the probe, ${port}` });
  try {
    return { port, hello: await host.greet(port, patience.probe, signal) };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof StarmindError)) throw error;
    return undefined;
  }
}

async function greeted(job: FlashJob): Promise<Greeted> {
  const { host, patience, signal } = job;
  const end = host.now() + patience.restart;
  let problem: StarmindError | undefined;
  for (;;) {
    const look = async () => returnedBoard(job, await host.boards());
    const board = await waitFor(job, Math.max(0, end - host.now()), look);
    if (!board) throw problem ?? portMissing(patience.restart / 1000);
    const { port } = board;
    job.tell({ step: 'check', message: `Greeting ${port}` });
    try {
      return { port, hello: await host.greet(port, patience.greeting, signal) };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof StarmindError)) throw error;
      if (error.code === 'board.silent') throw firmwareSilent(port, error);
      if (error.code === 'board.protocol') throw error;
      // A new port often cannot be opened at once: its permissions come late, and modem managers
      // look at it first.
      problem = portProblem(error);
      if (host.now() >= end) throw problem;
      await host.sleep(patience.look, signal);
    }
  }
}
