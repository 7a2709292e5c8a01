import type { ComponentChildren } from 'preact';
import { fieldAt } from '../../../src/core/model/fields';
import { Button } from '../../ui/toolkit';
import { useEditor } from '../editor-context';
import { ProblemItem } from '../problem-item';
import { fieldId, isOptional, isWritten, nameOf } from './paths';

export interface FieldRowProps {
  path: string;
  /** Where the row shows several fields of the schema: it shows the problems of these paths too. */
  others?: readonly string[];
  name?: string;
  /** Its cost, in a few words. */
  cost?: string;
  children: ComponentChildren;
}

/** A field with its name, its meaning, its control and its problems. */
export function FieldRow({
  path,
  others = [],
  name = nameOf(path),
  cost,
  children,
}: FieldRowProps) {
  const { state, commit } = useEditor();
  const paths = [path, ...others];
  const problems = state.problems.filter((problem) => paths.includes(problem.path));
  const written = state.model && paths.filter((each) => isWritten(state.model!, each));
  const canReset = written && written.length > 0 && isOptional(path);
  return (
    <div class={`field ${written?.length ? 'written' : ''}`} id={fieldId(path)}>
      <div class="field-head">
        <span class="field-name">{name}</span>
        {cost !== undefined && <span class={`cost ${state.isStale ? 'stale' : ''}`}>{cost}</span>}
        {canReset && (
          <Button
            appearance="icon"
            label={`use default of ${name}`}
            title="Remove it from model.json: the default counts"
            disabled={!state.isReadable}
            onClick={() => commit(written.map((each) => ({ path: each.split('.'), remove: true })))}
          >
            use default
          </Button>
        )}
      </div>
      <p class="description">{fieldAt(path)?.description}</p>
      <div class="control">{children}</div>
      {problems.length > 0 && (
        <ul class="problems">
          {problems.map((problem) => (
            <ProblemItem key={problem.code} problem={problem} />
          ))}
        </ul>
      )}
    </div>
  );
}
