import { useRef } from 'preact/hooks';
import { isSpeaking } from '../../src/core/monitor/speech';
import type { FromMonitor } from '../../src/core/wire/monitor-messages';
import { Button } from '../ui/toolkit';
import { GenerationView } from './generation-view';
import { NothingSaid } from './nothing-said';
import { PromptBox } from './prompt-box';
import { SaidStrip } from './said-strip';
import { useFollowing } from './use-following';
import { useTokenPointing } from './use-token-pointing';
import type { ViewProps } from './view';

/** Prompts and answers, newest at the end, and the box for the next prompt. */
export function SpeechView(props: ViewProps) {
  const { speech, connection, awaited } = props.state;
  const { tab, sideBySide } = props.settings;
  const scroller = useRef<HTMLDivElement>(null);
  const { pointed, focused, stop, handlers } = useTokenPointing(scroller, speech);
  const isAwaited = awaited !== undefined;
  const { follows, scrolled, follow } = useFollowing({
    scroller,
    changes: [speech, isAwaited, tab, sideBySide],
    isHeld: focused !== undefined,
  });
  const speaking = isSpeaking(speech) || isAwaited;
  const post = (message: FromMonitor) => {
    // After sending a prompt the user wants to see the answer.
    if (message.kind === 'prompt') follow();
    props.post(message);
  };
  return (
    <div
      class="speech"
      onKeyDown={({ key }) => {
        if (key === 'Escape' && speaking) post({ kind: 'stop' });
      }}
    >
      <div class="scrolled">
        <div
          class="generations"
          ref={scroller}
          tabIndex={0}
          role="log"
          aria-label="What the board says"
          aria-busy={speaking}
          onScroll={scrolled}
          {...handlers}
        >
          {speech.length === 0 && (
            <NothingSaid hello={connection.hello} onSerial={() => props.keep({ tab: 'serial' })} />
          )}
          {speech.map((generation, index) => (
            <GenerationView
              key={generation.number}
              generation={generation}
              isLast={index === speech.length - 1}
              isSpeaking={!isAwaited && speaking && index === speech.length - 1}
              sideBySide={sideBySide}
              focused={focused?.generation === generation.number ? focused.index : undefined}
              isStop={stop?.generation === generation.number}
            />
          ))}
          {isAwaited && <p class="awaited">Waiting for the board...</p>}
        </div>
        {!follows && (
          <span class="to-end">
            <Button appearance="primary" onClick={follow}>
              Jump to end
            </Button>
          </span>
        )}
      </div>
      <SaidStrip speech={speech} pointed={pointed} isSpeaking={speaking} />
      <PromptBox {...props} post={post} isSpeaking={speaking} />
    </div>
  );
}
