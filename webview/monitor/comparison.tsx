import { agreement, divergenceText, type Divergence } from '../../src/core/monitor/divergence';
import type { Generation } from '../../src/core/monitor/speech';
import type { HostToken } from '../../src/core/wire/monitor-messages';
import { unseenMark } from './unseen-mark';

export interface ComparisonProps {
  generation: Generation;
  divergence: Divergence | undefined;
}

/** The result of the same prompt on this computer, in words. */
export function Comparison({ generation, divergence }: ComparisonProps) {
  const { host, noHost } = generation;
  if (noHost !== undefined) return <p class="comparison none">Not compared: {noHost}</p>;
  if (!host) return null;
  if (!divergence) {
    const { both, isOver } = agreement(generation);
    const tokens = both === 1 ? '1 token' : `${both} tokens`;
    return (
      <p class="comparison same" data-testid="comparison">
        {isOver
          ? `This computer says the same: ${tokens} identical.`
          : `This computer, so far: ${tokens} identical.`}
      </p>
    );
  }
  return (
    <div class="comparison different" data-testid="comparison">
      <p>
        <strong>{divergenceText(divergence)}</strong>
      </p>
      <p>
        Before it both agree; behind it each goes on with its own words. The same image and seed
        give the same tokens, bit for bit: a program of another version, or one that was changed, is
        likely. Build &amp; Flash brings both together.
      </p>
    </div>
  );
}

/** The host's text, beside the board's. */
export function HostText({
  tokens,
  differsAt,
}: {
  tokens: readonly HostToken[];
  differsAt: number | undefined;
}) {
  return (
    <>
      {tokens.map(({ index, id, text }) => (
        <span
          key={index}
          class={index === differsAt ? 'token differs' : 'token'}
          data-mark={unseenMark(text)}
          title={`id ${id}`}
        >
          {text}
        </span>
      ))}
    </>
  );
}
