import { Button } from '../ui/toolkit';
import { useEditor } from './editor-context';
import { ProblemItem } from './problem-item';

/** Stands in place of the form while the text is not readable enough for one. */
export function Unreadable() {
  const { state, post } = useEditor();
  return (
    <section class="unreadable" aria-labelledby="unreadable">
      <h1 id="unreadable">
        {state.isForeign ? 'This is the model of another program' : 'There is no model to show yet'}
      </h1>
      {state.isForeign ? (
        <p>It has nothing of what a Starmind model has.</p>
      ) : (
        <>
          <p>The form appears as soon as the text can be read.</p>
          <ul class="problems">
            {state.problems.map((problem) => (
              <ProblemItem key={`${problem.code} ${problem.path}`} problem={problem} />
            ))}
          </ul>
        </>
      )}
      <Button appearance="primary" onClick={() => post({ kind: 'openText' })}>
        Open as Text
      </Button>
    </section>
  );
}
