import { describeLimits } from '../../src/core/estimate/limits';
import { recentSpeed } from '../../src/core/monitor/latency';
import type { Generation } from '../../src/core/monitor/speech';
import { grouped, speed, stacksUsed } from '../../src/core/text';

/** Time and speed of a generation; while it goes on, so far. */
export function Figures({ generation: { tokens, done, limits } }: { generation: Generation }) {
  if (done) {
    const { tokens_per_second, cycles_per_token, reason } = done;
    const stacks = stacksUsed(done.peak_stack, done.peak_second_stack);
    return (
      <>
        {counted(done.tokens)} · <strong>{speed(tokens_per_second)}</strong> ·{' '}
        {grouped(cycles_per_token)} cycles a token · {reason} · {stacks}
        {limits && <> · {describeLimits(limits)}</>}
      </>
    );
  }
  const now = recentSpeed(tokens);
  return (
    <>
      {counted(tokens.length)}
      {now > 0 && (
        <>
          {' '}
          · <strong>{speed(now)}</strong>
        </>
      )}
    </>
  );
}

function counted(tokens: number): string {
  return tokens === 1 ? '1 token' : `${tokens} tokens`;
}
