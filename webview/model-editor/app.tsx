import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FromModelEditor, ToModelEditor } from '../../src/core/wire/editor-messages';
import type { Host } from '../ui/host';
import { EditorContext, type Editor } from './editor-context';
import { Form } from './form';
import { Header } from './header';
import { PointingContext, type Target } from './pointing';
import { ProblemDock } from './problem-dock';
import { cancelled, committed, previewed, received, type EditorState } from './state';
import { Unreadable } from './unreadable';

/** The editor of one model.json: the text is the host's, and changes come back as text. */
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
  const pointing = useMemo(() => ({ target, point }), [target]);
  if (!state) return null;
  const change = (next: (state: EditorState) => EditorState) =>
    setState((present) => present && next(present));
  const editor: Editor = {
    state,
    preview: (changes) => change((present) => previewed(present, changes)),
    commit: (changes) => {
      setFailure(undefined);
      change((present) => committed(present, changes));
      host.post({ kind: 'edit', changes });
    },
    cancel: () => change(cancelled),
    post: (message) => host.post(message),
  };
  return (
    <EditorContext.Provider value={editor}>
      <PointingContext.Provider value={pointing}>
        {state.model && !state.isForeign ? (
          <>
            <Header />
            <Form />
            <ProblemDock failure={failure} />
          </>
        ) : (
          <Unreadable />
        )}
      </PointingContext.Provider>
    </EditorContext.Provider>
  );
}
