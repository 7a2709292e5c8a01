import { fieldAt } from '../../../src/core/model/fields';
import { setting } from '../../../src/core/problem';
import { Dropdown } from '../../ui/toolkit';
import { useEditor } from '../editor-context';
import { FieldRow } from './field-row';
import { SchemaFieldRow } from './schema-field';

const fromFile = 'file';
const kinds = [...(fieldAt('tokenizer.type')?.enum ?? []).map(String), fromFile];

/** A kind of tokenizer to learn, or a file to read: model.json has one of the two. */
export function TokenizerFields() {
  const { state, commit, post } = useEditor();
  if (!state.model) return null;
  const { tokenizer, training } = state.model.config;
  const hasRun = training.from !== undefined || training.teacher !== undefined;
  const ofRun = hasRun ? ['run'] : [];
  const choose = (kind: string) => {
    if (kind === fromFile) return post({ kind: 'choose', field: 'tokenizer.path' });
    if (kind === 'run') return commit([{ path: ['tokenizer'], remove: true }]);
    commit([{ path: ['tokenizer', 'path'], remove: true }, setting('tokenizer.type', kind)]);
  };
  return (
    <>
      <FieldRow path="tokenizer.type">
        <Dropdown
          label="type"
          value={tokenizer.type}
          options={[...ofRun, ...kinds]}
          disabled={!state.isReadable}
          onChange={choose}
        />
      </FieldRow>
      {tokenizer.type === 'file' && <SchemaFieldRow path="tokenizer.path" isFile />}
    </>
  );
}
