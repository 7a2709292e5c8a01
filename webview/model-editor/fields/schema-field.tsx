import { fieldAt } from '../../../src/core/model/fields';
import { configValue } from '../../../src/core/model/reconfigure';
import { setting, type Change, type JsonValue } from '../../../src/core/problem';
import type { FileField } from '../../../src/core/wire/editor-messages';
import { Button, Checkbox, Dropdown, TextField } from '../../ui/toolkit';
import { useEditor } from '../editor-context';
import { FieldRow } from './field-row';
import { NumberInput } from './number-input';
import { nameOf } from './paths';

/** A field as its schema describes it. */
export function SchemaFieldRow({ path, isFile }: { path: string; isFile?: boolean }) {
  const { state, post } = useEditor();
  return (
    <FieldRow path={path}>
      <Control path={path} />
      {isFile && (
        <Button
          label={`Choose a file for ${nameOf(path)}`}
          disabled={!state.isReadable}
          onClick={() => post({ kind: 'choose', field: path as FileField })}
        >
          Choose...
        </Button>
      )}
    </FieldRow>
  );
}

function Control({ path }: { path: string }) {
  const { state, commit } = useEditor();
  const field = fieldAt(path);
  if (!state.model || !field) return null;
  const value = configValue(state.model.config, path);
  const set = (next: JsonValue | undefined) => {
    if (JSON.stringify(next) !== JSON.stringify(value)) commit([changeTo(path, next)]);
  };
  const label = nameOf(path);
  const disabled = !state.isReadable;
  if (field.enum) {
    const choices = field.enum;
    return (
      <Dropdown
        label={label}
        value={String(value)}
        options={choices.map(String)}
        disabled={disabled}
        onChange={(text) => set(choices.find((choice) => String(choice) === text))}
      />
    );
  }
  if (field.type === 'boolean') {
    return <Checkbox label={label} checked={value === true} disabled={disabled} onChange={set} />;
  }
  if (field.type === 'array') {
    return (
      <TextField
        label={label}
        value={Array.isArray(value) ? value.join(', ') : ''}
        disabled={disabled}
        onCommit={(text) => {
          const numbers = text.split(/[\s,]+/).filter((word) => word !== '');
          // What is no number stays in the box, where the user can mend it.
          if (numbers.every((word) => /^\d+$/.test(word))) {
            set(numbers.length === 0 ? undefined : numbers.map(Number));
          }
        }}
      />
    );
  }
  if (field.type === 'string') {
    return (
      <TextField
        label={label}
        value={typeof value === 'string' ? value : ''}
        disabled={disabled}
        onCommit={(text) => set(text === '' ? undefined : text)}
      />
    );
  }
  const number = typeof value === 'number' ? value : undefined;
  return <NumberInput path={path} value={number} onCommit={set} />;
}

/** Sets a field, or removes it when the user leaves it empty. */
function changeTo(path: string, value: JsonValue | undefined): Change {
  return value === undefined ? { path: path.split('.'), remove: true } : setting(path, value);
}
