import type { Speech } from '../../src/core/monitor/speech';
import { Figures } from './figures';
import { tokenFacts } from './token-facts';
import type { TokenPlace } from './token-place';

/** Characters of a token's text to show. */
const longestText = 40;

export interface SaidStripProps {
  speech: Speech;
  pointed: TokenPlace | undefined;
  isSpeaking: boolean;
}

/**
 * Facts about the token that the user points at, else about the last generation; in sight wherever
 * the view is scrolled to.
 */
export function SaidStrip({ speech, pointed, isSpeaking }: SaidStripProps) {
  const last = speech.at(-1);
  if (!last) return null;
  const token = speech
    .find(({ number }) => number === pointed?.generation)
    ?.tokens.find(({ index }) => index === pointed?.index);
  return (
    <p
      class="figures strip"
      data-testid="figures"
      role="status"
      aria-live={isSpeaking && !token ? 'off' : 'polite'}
    >
      {token ? (
        <>
          Token {token.index}: {shortened(JSON.stringify(token.text))} · {tokenFacts(token)}
        </>
      ) : (
        <Figures generation={last} />
      )}
    </p>
  );
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}..."` : text;
}
