import { useEffect, useMemo, useState } from 'preact/hooks';
import { FilteredLines, type LineTest } from '../../src/core/monitor/line-filter';
import type { LineLog } from '../../src/core/monitor/line-log';
import { lineText } from '../../src/core/monitor/line-text';
import { ShownLines } from '../../src/core/monitor/shown-lines';

/** Milliseconds of filtering before the page may paint again. */
const slice = 12;

/**
 * The lines of a log that pass a test, or all. Filters a long log piece by piece and keeps the page
 * responsive.
 *
 * @param version changes whenever the log does
 */
export function useShownLines(
  log: LineLog,
  pretty: boolean,
  test: LineTest | undefined,
  version: unknown,
): { lines: ShownLines; progress: number; step: number } {
  const [step, setStep] = useState(0);
  const filtered = useMemo(
    () => test && new FilteredLines(log, (line) => lineText(line, pretty), test),
    [log, pretty, test],
  );
  const isComplete = useMemo(() => {
    const end = performance.now() + slice;
    return filtered?.update(() => performance.now() > end) ?? true;
  }, [filtered, version, step]);
  useEffect(() => {
    if (isComplete) return undefined;
    const timer = setTimeout(() => setStep((before) => before + 1));
    return () => clearTimeout(timer);
  }, [isComplete, filtered, version, step]);
  // Stop filtering for a test that was replaced.
  const used = test?.problem === undefined ? filtered : undefined;
  const lines = useMemo(() => new ShownLines(log, used), [log, used]);
  return { lines, progress: isComplete ? 1 : (filtered?.progress ?? 1), step };
}
