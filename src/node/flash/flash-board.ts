import { readImageHeader } from '../../core/export/image-header';
import { modelImageIn } from '../../core/export/model-uf2';
import { readUf2, writeUf2, type Segment } from '../../core/export/uf2';
import { reachDrive } from './bootloader';
import { confirmModel } from './confirm';
import { copyToDrive } from './copy';
import { OutOfReach, flashInterrupted, uf2Invalid } from './flash-errors';
import type { FlashHost } from './flash-host';
import type { FlashJob, FlashMethod, FlashTarget, UsbTarget } from './job';
import { hostOf } from './node-flash-host';
import { flashThroughProbe, flashWithOpenocd } from './openocd';
import { flashPatience, type FlashPatience } from './patience';
import { flashWithPicotool } from './picotool';
import type { FlashProgress } from './progress';

export interface FlashOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FlashProgress) => void) | undefined;
  host?: FlashHost;
  patience?: FlashPatience;
}

/** Result of a flashing; its keys are part of the command line's contract. */
export interface FlashReport {
  /** Id of the board. */
  board: string;
  /** Port of the new program; null when none is known. */
  port: string | null;
  method: FlashMethod;
  /** Bytes of the UF2 file. */
  bytes: number;
  seconds: number;
  /** Digest that the board has reported; null when it has no model of ours, or did not answer. */
  model: string | null;
}

/** What confirms the board's contents, in words; empty when nothing was checked. */
export function proofOf({ method, model }: FlashReport): string {
  if (model !== null) return `It reports model ${model}.`;
  if (method !== 'openocd') return '';
  return 'OpenOCD has compared it with the file; the program itself was not heard.';
}

/**
 * Flashes a UF2 file: brings the board into its boot loader, copies the file, restarts the board
 * and, where the file has a model, checks that the board reports it. After any failure the caller
 * can try again.
 *
 * @throws StarmindError `flash.*` with the remedy; `interrupted` when the signal was aborted
 */
export async function flashBoard(
  file: Uint8Array,
  target: FlashTarget,
  { signal, onProgress, host = hostOf(target), patience = flashPatience }: FlashOptions = {},
): Promise<FlashReport> {
  const segments = checkedSegments(file);
  // Omit blocks for other chips, and fill holes in sectors.
  const uf2 = writeUf2(segments);
  const image = modelImageIn(segments);
  const wanted = image && readImageHeader(image);
  const started = host.now();
  const contents: FlashJob['contents'] = { state: 'untouched' };
  const tell = (progress: FlashProgress): void => onProgress?.(progress);
  try {
    signal?.throwIfAborted();
    const before = await host.boards();
    const job = { host, target, before, uf2, segments, patience, signal, contents, tell };
    const method = await deliver(job);
    const port = wanted ? await confirmModel(job, wanted) : null;
    const model = wanted && port !== null ? wanted.contentHash : null;
    const seconds = (host.now() - started) / 1000;
    return { board: target.id, port, method, bytes: uf2.length, seconds, model };
  } catch (error) {
    if (signal?.aborted) throw flashInterrupted(contents.state);
    throw error;
  }
}

function checkedSegments(uf2: Uint8Array): readonly Segment[] {
  const { value, problems } = readUf2(uf2);
  if (!value) throw uf2Invalid(problems);
  return value;
}

/** Writes the contents into the flash: over the drive, else with the tools that are installed. */
async function deliver(job: FlashJob): Promise<FlashMethod> {
  const { target } = job;
  if (target.kind === 'probe') return flashThroughProbe(job, target);
  let outcome: FlashMethod | OutOfReach = await outOfReach(copyOverDrive(job, target));
  for (const flashWithTool of [flashWithPicotool, flashWithOpenocd]) {
    if (!(outcome instanceof OutOfReach)) break;
    outcome = (await outOfReach(flashWithTool(job, outcome))) ?? outcome;
  }
  if (outcome instanceof OutOfReach) throw outcome;
  return outcome;
}

async function copyOverDrive(job: FlashJob, target: UsbTarget): Promise<FlashMethod> {
  await copyToDrive(job, await reachDrive(job, target));
  return 'volume';
}

/** Returns the failure of one way as a value, since another way may work. */
async function outOfReach<T>(way: Promise<T>): Promise<T | OutOfReach> {
  return way.catch((error: unknown) => {
    if (error instanceof OutOfReach) return error;
    throw error;
  });
}
