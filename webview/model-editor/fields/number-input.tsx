import { fieldAt } from '../../../src/core/model/fields';
import { TextField } from '../../ui/toolkit';
import { useEditor } from '../editor-context';
import { nameOf } from './paths';

export interface NumberInputProps {
  path: string;
  value: number | undefined;
  label?: string;
  placeholder?: string;
  /** Called while the user types; undefined when the text is no number. */
  onInput?: (value: number | undefined) => void;
  /** Undefined when the user has emptied the field. */
  onCommit: (value: number | undefined) => void;
}

/** A number to type, or to change with the arrow keys. */
export function NumberInput(props: NumberInputProps) {
  const { path, value, label = nameOf(path), placeholder, onInput, onCommit } = props;
  const { state, cancel } = useEditor();
  const isWhole = fieldAt(path)?.type === 'integer';
  const read = (text: string) => {
    const number = text.trim() === '' ? NaN : Number(text);
    return Number.isFinite(number) && (!isWhole || Number.isInteger(number)) ? number : undefined;
  };
  return (
    <TextField
      label={label}
      value={value === undefined ? '' : String(value)}
      placeholder={placeholder}
      disabled={!state.isReadable}
      onInput={(text) => onInput?.(read(text))}
      onCommit={(text) => {
        const number = read(text);
        if (number !== undefined || text.trim() === '') onCommit(number);
        else cancel();
      }}
      onCancel={cancel}
      onKeyDown={(event) => {
        const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (step === undefined || value === undefined || !isWhole) return;
        event.preventDefault();
        onCommit(Math.max(fieldAt(path)?.minimum ?? 0, value + step));
      }}
    />
  );
}
