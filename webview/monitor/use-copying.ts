import { useEffect, useState } from 'preact/hooks';
import { grouped } from '../../src/core/text';
import { shortcut } from './shortcut';

/** The result of copying, in words. */
export interface CopyOutcome {
  isCopied: boolean;
  text: string;
}

/** Milliseconds for which each result stays: a remedy takes longer to read. */
const shownFor = { copied: 2000, refused: 15_000 };

/** Puts lines on the clipboard, and shows the result for a while. */
export function useCopying(): {
  outcome: CopyOutcome | undefined;
  copy: (text: string, lines: number) => Promise<void>;
} {
  const [outcome, tell] = useState<CopyOutcome>();
  useEffect(() => {
    if (!outcome) return undefined;
    const { copied, refused } = shownFor;
    const timer = setTimeout(() => tell(undefined), outcome.isCopied ? copied : refused);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (text: string, lines: number) => {
    try {
      await navigator.clipboard.writeText(text);
      tell({ isCopied: true, text: `Copied ${grouped(lines)} ${lines === 1 ? 'line' : 'lines'}` });
    } catch {
      const keys = `${shortcut('A')} and ${shortcut('C')}`;
      tell({
        isCopied: false,
        text: `Not copied: the clipboard cannot be written. Click into the lines and press ${keys}.`,
      });
    }
  };
  return { outcome, copy };
}
