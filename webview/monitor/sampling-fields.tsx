import { noSampling, samplingFields, samplingNames } from './settings';
import type { ViewProps } from './view';

/** How the board draws the next token; an empty field uses the board's own default. */
export function SamplingFields({ settings: { sampling, samplingOpen }, keep }: ViewProps) {
  const given = samplingFields.filter((field) => sampling[field].trim() !== '');
  return (
    <details
      class="sampling"
      open={samplingOpen}
      onToggle={({ currentTarget: { open } }) =>
        open !== samplingOpen && keep({ samplingOpen: open })
      }
    >
      <summary>
        Sampling
        <span class="given">
          {given.length === 0
            ? "the board's own"
            : given.map((field) => `${samplingNames[field]} ${sampling[field].trim()}`).join(', ')}
        </span>
      </summary>
      <div class="fields">
        {samplingFields.map((field) => (
          <label key={field}>
            {samplingNames[field]}
            <input
              type="text"
              inputMode="decimal"
              autocomplete="off"
              value={sampling[field]}
              placeholder={field === 'seed' ? '1' : "board's own"}
              onInput={({ currentTarget: { value } }) =>
                keep({ sampling: { ...sampling, [field]: value } })
              }
            />
          </label>
        ))}
      </div>
      {given.length > 0 && (
        <button type="button" class="link" onClick={() => keep({ sampling: noSampling })}>
          Leave all to the board
        </button>
      )}
    </details>
  );
}
