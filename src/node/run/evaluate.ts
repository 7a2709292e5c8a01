import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isUtf8Instead } from '../../core/corpus/text-problem';
import { separatorProblem } from '../../core/corpus/separator-problem';
import { bitsPerByte } from '../../core/estimate/bits-per-byte';
import type { Problem } from '../../core/problem';
import { deviceCost } from '../../core/train/device-cost';
import type { EvaluationWindow } from '../../core/train/kernels';
import { planWindows, scoredTargets } from '../../core/train/windows';
import { Tokenizer } from '../../core/tokenizer/tokenizer';
import { splitDocuments } from '../data/documents';
import { normaliseText } from '../data/text';
import { exitCodes, StarmindError } from '../starmind-error';
import { evaluateWeights } from '../train/evaluate';
import { inTurns } from '../turns';
import { WasmEngine } from '../wasm/engine';
import { deviceNats } from './device-loss';
import { loadRun } from './export';
import type { RunFolder } from './folder';

/** Result of `starmind eval`; its keys are part of the command line's contract. */
export interface Evaluation {
  /** Bytes of text, and one for the end of each document. */
  bytes: number;
  tokens: number;
  bits_per_byte: { float: number; device: number };
  /** Bytes that the tokenizer had to escape. */
  unknown_bytes: number;
  /** Faults of the text, and likely causes when the device is worse than float. */
  problems: Problem[];
}

export interface EvaluateOptions {
  signal?: AbortSignal;
  onProgress?: (line: string) => void;
  /** Called at once with each of the result's problems. */
  onProblem?: (problem: Problem) => void;
}

/** Measures a run on a text, with float weights and in the arithmetic of the device. */
export async function evaluateRun(
  run: RunFolder,
  textFile: string,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { config, weights, tokenizer, image } = await loadRun(run);
  const problems: Problem[] = [];
  const onProblem = (problem: Problem) => {
    problems.push(problem);
    options.onProblem?.(problem);
  };
  const { separator, encoding } = config.data;
  const text = await readText(textFile);
  const { documents, separators } = splitDocuments(
    normaliseText(text, {
      file: textFile,
      place: resolve(textFile),
      path: '',
      // The text need not be of the run's own files, whose encoding model.json names.
      encoding: isUtf8Instead(text, encoding) ? 'utf-8' : encoding,
      onProblem,
    }),
    separator,
  );
  const separated = separatorProblem(separator, separators);
  if (separated) onProblem(separated);
  if (documents.length === 0) {
    throw new StarmindError(
      'data.empty',
      exitCodes.input,
      `${textFile} holds no text.`,
      'Give a file with at least one document.',
    );
  }
  const encoder = new Tokenizer(tokenizer);
  const { architecture } = config;
  const windows = planWindows(
    await inTurns(encoder.encodeDocuments(documents), options.signal),
    tokenizer.eosId,
    architecture.max_seq_len,
  );
  options.onProgress?.('evaluating with float weights');
  const float = await evaluateWeights({ architecture, weights, windows });
  options.signal?.throwIfAborted();
  const device = await measureDevice(image, architecture.vocab_size, windows, options);
  const bytes = documents.reduce((sum, document) => sum + document.length + 1, 0);
  const bits_per_byte = {
    float: bitsPerByte(
      float.reduce((sum, nats) => sum + nats, 0),
      bytes,
    ),
    device: bitsPerByte(device, bytes),
  };
  const cost = deviceCost(bits_per_byte, weights, config);
  if (cost) onProblem(cost);
  return {
    bytes,
    tokens: scoredTargets(windows),
    bits_per_byte,
    unknown_bytes: await inTurns(encoder.unknownBytes(documents), options.signal),
    problems,
  };
}

async function readText(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new StarmindError(
      'data.missing',
      exitCodes.input,
      (cause as NodeJS.ErrnoException).code === 'ENOENT'
        ? `There is no text ${file}.`
        : `The text ${file} cannot be read: ${String(cause)}`,
      'Give --text a readable file.',
      { cause },
    );
  });
}

/** Nats of the windows in device arithmetic. */
export async function measureDevice(
  image: Uint8Array,
  vocabSize: number,
  windows: readonly EvaluationWindow[],
  { signal, onProgress }: EvaluateOptions,
): Promise<number> {
  const engine = await WasmEngine.open(image);
  const reportEvery = Math.ceil(windows.length / 10);
  return deviceNats(engine, vocabSize, windows, signal, (done) => {
    if (done % reportEvery === 0) {
      onProgress?.(
        `evaluating in device arithmetic: ${Math.round((100 * done) / windows.length)} %`,
      );
    }
  });
}
