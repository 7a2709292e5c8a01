import type { Problem } from '../../src/core/problem';
import { Button } from '../ui/toolkit';
import { useEditor } from './editor-context';

/** A problem with a button for each of its fixes. */
export function ProblemItem({ problem }: { problem: Problem }) {
  const { state, commit, post } = useEditor();
  const { severity, message, fix, fixes = [], range } = problem;
  const canFix = state.isReadable && fixes.length > 0;
  return (
    <li class={`problem ${severity}`}>
      <span class="severity">{severity}</span> {message} {!canFix && fix}
      <span class="fixes">
        {canFix &&
          fixes.map(({ title, changes }) => (
            <Button key={title} onClick={() => commit(changes)}>
              {title}
            </Button>
          ))}
        {!canFix && range && (
          <Button onClick={() => post({ kind: 'openText', offset: range.offset })}>
            Show in Text
          </Button>
        )}
      </span>
    </li>
  );
}
