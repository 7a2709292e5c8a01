import type { EvaluationWindow } from './kernels';

/** Token ids of the documents of a stream, without the ends of text between them. */
function* documentsOf(stream: Uint16Array, endOfText: number): Generator<Uint16Array> {
  let start = 0;
  while (start < stream.length) {
    const next = stream.indexOf(endOfText, start);
    const end = next < 0 ? stream.length : next;
    if (end > start) yield stream.subarray(start, end);
    start = end + 1;
  }
}

/**
 * Splits a stream of documents into windows that score each token once, and the end of text after
 * each document. A document starts at position 0 with the end of text. One that is longer than the
 * context continues in windows that feed the last half of the context again.
 */
export function planWindows(
  stream: Uint16Array,
  endOfText: number,
  contextLength: number,
): EvaluationWindow[] {
  const overlap = Math.floor(contextLength / 2);
  const windows: EvaluationWindow[] = [];
  for (const document of documentsOf(stream, endOfText)) {
    const sequence = new Uint16Array(document.length + 2).fill(endOfText);
    sequence.set(document, 1);
    const lastTarget = sequence.length - 1;
    for (let start = 0; ; start += contextLength - overlap) {
      const end = Math.min(start + contextLength, lastTarget);
      const scoreFrom = start === 0 ? 0 : overlap;
      windows.push({ tokens: sequence.subarray(start, end + 1), scoreFrom });
      if (end === lastTarget) break;
    }
  }
  return windows;
}

/** Targets that count. */
export function scoredTargets(windows: readonly EvaluationWindow[]): number {
  return windows.reduce((sum, { tokens, scoreFrom }) => sum + tokens.length - 1 - scoreFrom, 0);
}

/** Evenly spaced windows with about `targets` scored targets; all of them when there are fewer. */
export function sampleWindows(
  windows: readonly EvaluationWindow[],
  targets: number,
): EvaluationWindow[] {
  const share = Math.min(1, targets / Math.max(1, scoredTargets(windows)));
  return windows.filter((_, index) => Math.floor((index + 1) * share) > Math.floor(index * share));
}
