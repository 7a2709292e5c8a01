import { useEffect, useRef } from 'preact/hooks';
import { isSpeaking } from '../../src/core/monitor/speech';
import { GenerationView } from './generation-view';
import { PromptBox } from './prompt-box';
import type { ViewProps } from './view';

/** How near the end counts as being there, in CSS pixels. */
const nearEnd = 40;

/** What was asked and said, newest at the end, and the box to ask in. */
export function SpeechView(props: ViewProps) {
  const { speech, connection, awaited } = props.state;
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const isShown = props.settings.tab === 'speech';
  useEffect(() => {
    const element = scroller.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [speech, isShown]);
  const isAwaited = awaited !== undefined;
  const speaking = isSpeaking(speech) || isAwaited;
  return (
    <div
      class="speech"
      onKeyDown={({ key }) => {
        if (key === 'Escape' && speaking) props.post({ kind: 'stop' });
      }}
    >
      <div
        class="generations"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label="What the board says"
        aria-busy={speaking}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < nearEnd;
        }}
      >
        {speech.length === 0 && (
          <div class="empty">
            <p>
              {connection.hello?.model
                ? 'The board waits for a prompt.'
                : 'What the board says appears here, token by token.'}
            </p>
            {!connection.hello && (
              <p>
                What other programs print is in{' '}
                <button type="button" class="link" onClick={() => props.keep({ tab: 'serial' })}>
                  Serial
                </button>
                .
              </p>
            )}
          </div>
        )}
        {speech.map((generation, index) => (
          <GenerationView
            key={generation.number}
            generation={generation}
            isLast={index === speech.length - 1}
            isSpeaking={!isAwaited && speaking && index === speech.length - 1}
          />
        ))}
        {isAwaited && <p class="awaited">Waiting for the board...</p>}
      </div>
      <PromptBox {...props} isSpeaking={speaking} />
    </div>
  );
}
