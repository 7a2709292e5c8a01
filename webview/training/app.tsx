import { useEffect, useReducer } from 'preact/hooks';
import type { FromTrainingPage, ToTrainingPage } from '../../src/core/train/page-messages';
import type { Host } from '../ui/host';
import { Controls } from './controls';
import { Curves } from './curves';
import { Runs } from './runs';
import { Samples } from './samples';
import { drawnRuns, nothingKnown, received } from './state';

/** A training, at work or over: its curves, what the model says, and how other runs compare. */
export function App({ host }: { host: Host<ToTrainingPage, FromTrainingPage> }) {
  const [state, change] = useReducer(received, nothingKnown);
  useEffect(() => {
    const stop = host.listen(change);
    host.post({ kind: 'ready' });
    return stop;
  }, [host]);
  const drawn = drawnRuns(state);
  const { folder, project, shown, runs, courses } = state;
  useEffect(() => {
    if (folder !== undefined) host.post({ kind: 'draw', runs: drawn });
  }, [host, folder, drawn.join('\n')]);
  const facts = runs.find(({ name }) => name === shown);
  const course = shown === undefined ? undefined : courses.get(shown);
  return (
    <div class="training">
      <Controls
        project={project}
        shown={shown}
        facts={facts}
        last={course?.records.at(-1)}
        post={host.post}
      />
      {course && course.records.length > 0 && (
        <>
          <Curves state={state} drawn={drawn} post={host.post} />
          <Samples samples={course.samples} />
        </>
      )}
      {runs.length > 0 && <Runs state={state} drawn={drawn} change={change} post={host.post} />}
    </div>
  );
}
