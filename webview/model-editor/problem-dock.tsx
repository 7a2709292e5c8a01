import { useEditor } from './editor-context';
import { ProblemItem } from './problem-item';
import { isShownBesideField } from './fields/paths';

/**
 * Problems of the whole model, at the foot of the window: there they cover a little of the form,
 * but do not move a slider that the user drags.
 */
export function ProblemDock({ failure }: { failure: string | undefined }) {
  const { problems, isStale, isReadable } = useEditor().state;
  const elsewhere = problems.filter(({ path }) => !isReadable || !isShownBesideField(path));
  if (!failure && elsewhere.length === 0 && !isStale) return null;
  return (
    <aside class="dock" aria-label="Problems" aria-live="polite">
      {isStale && (
        <p class="stale-note">
          The estimate is that of the last text without errors.
          {!isReadable && ' The form waits until the text can be read again.'}
        </p>
      )}
      <ul class="problems">
        {failure && <li class="problem error">{failure}</li>}
        {elsewhere.map((problem) => (
          <ProblemItem key={`${problem.code} ${problem.path}`} problem={problem} />
        ))}
      </ul>
    </aside>
  );
}
