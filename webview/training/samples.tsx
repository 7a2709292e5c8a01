import { useState } from 'preact/hooks';
import { grouped } from '../../src/core/text';
import type { TrainingSample } from '../../src/core/train/run-progress';
import { Button } from '../ui/toolkit';

/** Samples that are shown before the user asks for all of them. */
const few = 3;

/** What the model said at each evaluation, in the arithmetic of the device; the newest first. */
export function Samples({ samples }: { samples: readonly TrainingSample[] }) {
  const [all, showAll] = useState(false);
  const newest = samples.toReversed();
  if (newest.length === 0) return null;
  return (
    <section aria-label="What the model says">
      <h2>What the model says, in the arithmetic of the device</h2>
      <ol class="samples">
        {(all ? newest : newest.slice(0, few)).map(({ step, prompt, text }) => (
          <li key={step}>
            <span class="step">step {grouped(step)}</span>
            <q>
              <b>{prompt}</b>
              {text}
            </q>
          </li>
        ))}
      </ol>
      {newest.length > few && (
        <Button onClick={() => showAll(!all)}>
          {all ? 'Show the Newest' : `Show All ${newest.length}`}
        </Button>
      )}
    </section>
  );
}
