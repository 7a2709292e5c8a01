import type { Generation } from '../../src/core/monitor/speech';

export interface ComparisonProps {
  generation: Generation;
  /** Index of the first token that differs. */
  differsAt: number | undefined;
}

/** The same prompt on this computer: one sentence when both agree, both texts when they do not. */
export function Comparison({ generation, differsAt }: ComparisonProps) {
  const { host, noHost, tokens } = generation;
  if (noHost !== undefined) return <p class="comparison">Not compared: {noHost}</p>;
  if (!host) return null;
  if (differsAt === undefined) {
    const both = Math.min(tokens.length, host.tokens.length);
    return (
      <p class="comparison same" data-testid="comparison">
        This computer says the same: {both} tokens identical.
      </p>
    );
  }
  return (
    <div class="comparison different" data-testid="comparison">
      <p>
        <strong>This computer says something else from token {differsAt} on.</strong> The firmware
        and this version of Starmind ought to agree bit for bit: build the model anew and flash it.
      </p>
      <p class="host">
        {host.tokens.map(({ index, id, text }) => (
          <span
            key={index}
            class={index === differsAt ? 'token differs' : 'token'}
            title={`id ${id}`}
          >
            {text}
          </span>
        ))}
      </p>
    </div>
  );
}
