import { setting } from '../../../src/core/problem';
import { Checkbox } from '../../ui/toolkit';
import { useEditor } from '../editor-context';
import { FieldRow } from './field-row';
import { pathsOf } from './paths';
import { SchemaFieldRow } from './schema-field';

const section = 'architecture.ngram_tables';

/** Paths of the fields that this component has. */
export const ngramPaths: readonly string[] = pathsOf(section);

/** Whether the model has tables of n-grams, and what they are like. */
export function NgramFields() {
  const { state, commit } = useEditor();
  const hasTables = state.model?.config.architecture.ngram_tables !== undefined;
  return (
    <>
      <FieldRow path={section}>
        <Checkbox
          label="ngram_tables"
          checked={hasTables}
          disabled={!state.isReadable}
          onChange={(wanted) =>
            commit([wanted ? setting(section, {}) : { path: section.split('.'), remove: true }])
          }
        />
      </FieldRow>
      {hasTables && ngramPaths.map((path) => <SchemaFieldRow key={path} path={path} />)}
    </>
  );
}
