import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { FromModelEditor, ToModelEditor } from '../../src/core/wire/editor-messages';
import { useAfterPaint } from '../ui/after-paint';
import type { Host } from '../ui/host';
import { EditorContext, type Editor } from './editor-context';
import { Form } from './form';
import { Header } from './header';
import { PointingContext, type Target } from './pointing';
import { ProblemDock } from './problem-dock';
import { cancelled, committed, previewed, received, type EditorState } from './state';
import { Unreadable } from './unreadable';

/**
 * The editor of one model.json. The host owns the text; the editor sends changes and receives the
 * new text.
 */
export function App({ host }: { host: Host<ToModelEditor, FromModelEditor> }) {
  const [state, setState] = useState<EditorState>();
  const [failure, setFailure] = useState<string>();
  const [target, point] = useState<Target>();
  useEffect(() => {
    const stop = host.listen((message) => {
      switch (message.kind) {
        case 'document':
          return setState((previous) => received(previous, message));
        case 'failed':
          return setFailure(message.message);
      }
    });
    host.post({ kind: 'ready' });
    return stop;
  }, [host]);
  const editorOf = useCallback(
    (shown: EditorState): Editor => {
      const change = (next: (state: EditorState) => EditorState) =>
        setState((present) => present && next(present));
      return {
        state: shown,
        preview: (changes) => change((present) => previewed(present, changes)),
        commit: (changes) => {
          setFailure(undefined);
          change((present) => committed(present, changes));
          host.post({ kind: 'edit', changes });
        },
        cancel: () => change(cancelled),
        post: (message) => host.post(message),
      };
    },
    [host],
  );
  const pointing = useMemo(() => ({ target, point }), [target]);
  const painted = useAfterPaint(state) ?? state;
  const form = useMemo(
    () =>
      painted && (
        <EditorContext.Provider value={editorOf(painted)}>
          <Form />
        </EditorContext.Provider>
      ),
    [painted, editorOf],
  );
  if (!state) return null;
  const isShown = state.model && !state.isForeign;
  return (
    <PointingContext.Provider value={pointing}>
      <EditorContext.Provider value={editorOf(state)}>
        {isShown ? <Header /> : <Unreadable />}
        {isShown && <ProblemDock failure={failure} />}
      </EditorContext.Provider>
      {isShown && form}
    </PointingContext.Provider>
  );
}
