import { useRef, useState } from 'preact/hooks';
import { remembered, step, type Walk } from '../../src/core/monitor/prompt-history';
import type { GenerateRequest } from '../../src/core/wire/commands';
import { Button, Checkbox } from '../ui/toolkit';
import { samplingFields, samplingNumber, type SamplingField } from './settings';
import type { ViewProps } from './view';

const fieldNames: Record<SamplingField, string> = {
  tokens: 'Tokens',
  temperature: 'Temperature',
  top_k: 'Top-k',
  top_p: 'Top-p',
  seed: 'Seed',
};

/** Where a prompt is written, and how it is to be continued. */
export function PromptBox(props: ViewProps & { isSpeaking: boolean }) {
  const { state, settings, keep, post, isSpeaking } = props;
  const [typed, setTyped] = useState('');
  const walk = useRef<Walk | undefined>(undefined);
  const held = whyHeld(props);
  const { request, problem } = requestFrom(typed, settings.sampling);
  const send = () => {
    if (held !== undefined || problem !== undefined || isSpeaking) return;
    post({ kind: 'prompt', request, compare: settings.compare });
    keep({ history: remembered(settings.history, typed) });
    walk.current = undefined;
    setTyped('');
  };
  const recall = (event: KeyboardEvent, direction: -1 | 1) => {
    const from = walk.current ?? { place: settings.history.length, typed };
    const next = step(settings.history, from, direction);
    if (!next) return;
    event.preventDefault();
    walk.current = next.walk;
    setTyped(next.text);
  };
  return (
    <form
      class="prompt-box"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        aria-label="Prompt"
        placeholder="Text that the model continues; Enter sends it, Shift+Enter begins a line"
        rows={2}
        value={typed}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={(event) => {
          const box = event.currentTarget;
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            send();
          }
          if (event.key === 'Escape' && isSpeaking) post({ kind: 'stop' });
          // In the middle of several lines the arrows are the text's own.
          if (event.key === 'ArrowUp' && box.selectionStart === 0) recall(event, -1);
          if (event.key === 'ArrowDown' && box.selectionEnd === box.value.length) recall(event, 1);
        }}
      />
      <div class="actions">
        {isSpeaking ? (
          <Button appearance="primary" title="Escape" onClick={() => post({ kind: 'stop' })}>
            Stop
          </Button>
        ) : (
          <Button
            appearance="primary"
            disabled={held !== undefined || problem !== undefined}
            title={held ?? problem ?? 'Enter'}
            onClick={send}
          >
            Speak
          </Button>
        )}
        <Checkbox
          label="Compare with this computer"
          checked={settings.compare}
          onChange={(compare) => keep({ compare })}
        />
        {held !== undefined && state.connection.status !== 'replaying' && (
          <span class="held">{held}</span>
        )}
      </div>
      <details class="sampling">
        <summary>Sampling</summary>
        <div class="fields">
          {samplingFields.map((field) => (
            <label key={field}>
              {fieldNames[field]}
              <input
                type="text"
                inputMode="decimal"
                value={settings.sampling[field]}
                placeholder={field === 'seed' ? '1' : "board's own"}
                onInput={({ currentTarget: { value } }) =>
                  keep({ sampling: { ...settings.sampling, [field]: value } })
                }
              />
            </label>
          ))}
        </div>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
      </details>
    </form>
  );
}

/** Why nothing can be asked; undefined when it can. */
function whyHeld({ state: { connection } }: ViewProps): string | undefined {
  if (connection.status !== 'connected') return 'No board is connected.';
  if (connection.hello && !connection.hello.model) return 'The board has no model: flash one.';
  return undefined;
}

function requestFrom(
  prompt: string,
  sampling: Readonly<Record<SamplingField, string>>,
): { request: GenerateRequest; problem?: string } {
  const request: GenerateRequest = { prompt };
  for (const field of samplingFields) {
    const value = samplingNumber(field, sampling[field]);
    if (typeof value === 'object') return { request, problem: value.problem };
    if (value !== undefined) request[field] = value;
  }
  return { request };
}
