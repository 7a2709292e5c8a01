import { remembered } from '../../src/core/monitor/prompt-history';
import { Button, Checkbox } from '../ui/toolkit';
import { isPlainEnter } from './plain-enter';
import { requestFrom, whyHeld } from './prompt-request';
import { SamplingFields } from './sampling-fields';
import { useHistory } from './use-history';
import type { ViewProps } from './view';

/** The box for the prompt and its sampling settings. */
export function PromptBox(props: ViewProps & { isSpeaking: boolean }) {
  const { state, settings, drafts, keep, draft, post, isSpeaking } = props;
  const { prompt } = drafts;
  const { recall, leave } = useHistory(settings.history, prompt, (text) => draft({ prompt: text }));
  const held = whyHeld(state.connection);
  const { request, problem } = requestFrom(prompt, settings.sampling);
  const send = () => {
    if (held !== undefined || problem !== undefined || isSpeaking) return;
    post({ kind: 'prompt', number: state.prompt + 1, request, compare: settings.compare });
    keep({ history: remembered(settings.history, prompt) });
    leave();
    draft({ prompt: '' });
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
        placeholder="Text that the model continues"
        title="Enter sends, Shift+Enter begins a line, Up at the start brings earlier prompts back"
        rows={2}
        spellcheck={false}
        value={prompt}
        onInput={({ currentTarget: { value } }) => {
          leave();
          draft({ prompt: value });
        }}
        onKeyDown={(event) => {
          if (recall(event)) return;
          if (!isPlainEnter(event)) return;
          event.preventDefault();
          send();
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
            Send
          </Button>
        )}
        <Checkbox
          label="Compare with this computer"
          checked={settings.compare}
          onChange={(compare) => keep({ compare })}
        />
        <Checkbox
          label="Side by side"
          title="Show what this computer says beside what the board says, also while both agree"
          checked={settings.sideBySide}
          onChange={(sideBySide) => keep({ sideBySide })}
        />
        {held !== undefined && <span class="held">{held}</span>}
      </div>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <SamplingFields {...props} />
    </form>
  );
}
