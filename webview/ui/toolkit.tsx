/**
 * Every control that comes from @vscode/webview-ui-toolkit, and the only file that imports it: a
 * successor is a change of this file alone.
 *
 * `disabled` always has a value here: Preact takes one away by setting '', which counts as true.
 */
import {
  allComponents,
  provideVSCodeDesignSystem,
  type Checkbox as ToolkitCheckbox,
  type Dropdown as ToolkitDropdown,
  type TextField as ToolkitTextField,
} from '@vscode/webview-ui-toolkit';
import { h, type ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const { vsCodeButton, vsCodeCheckbox, vsCodeDropdown, vsCodeOption, vsCodeTextField } =
  allComponents;
provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextField(),
);

export interface ButtonProps {
  children: ComponentChildren;
  /** Accessible name where the text alone would not be understood. */
  label?: string;
  title?: string;
  appearance?: 'primary' | 'secondary' | 'icon';
  disabled?: boolean;
  onClick: () => void;
}

export function Button(props: ButtonProps) {
  const { children, label, appearance = 'secondary', disabled = false, ...rest } = props;
  return h('vscode-button', { ...rest, appearance, disabled, 'aria-label': label }, children);
}

export interface CheckboxProps {
  label: string;
  title?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Checkbox(props: CheckboxProps) {
  const { label, title, checked, disabled = false, onChange } = props;
  const element = useRef<ToolkitCheckbox>(null);
  const change = () => {
    // The control also reports values that were set from here.
    const now = element.current?.checked;
    if (now !== undefined && now !== checked) onChange(now);
  };
  return h('vscode-checkbox', { ref: element, title, checked, disabled, onChange: change }, label);
}

export interface DropdownProps {
  label: string;
  value: string;
  options: readonly string[];
  disabled?: boolean;
  onChange: (value: string) => void;
}

export function Dropdown({ label, value, options, disabled = false, onChange }: DropdownProps) {
  const element = useRef<ToolkitDropdown>(null);
  const missed = useRef(false);
  const show = () => {
    const dropdown = element.current;
    if (!dropdown) return;
    // Do not move the list while the user chooses.
    missed.current = dropdown.open;
    if (!dropdown.open && dropdown.value !== value) dropdown.value = value;
  };
  useLayoutEffect(() => {
    // Options register with their dropdown a moment after they are in the document.
    queueMicrotask(show);
  }, [value, options.join('\n')]);
  const change = () => {
    const chosen = element.current?.value;
    missed.current = false;
    if (chosen !== undefined && chosen !== value) onChange(chosen);
  };
  // The control closes, and reports a choice, a moment after it loses the focus.
  const left = () => setTimeout(() => missed.current && show());
  return h(
    'vscode-dropdown',
    // The title shows a value that the control cuts off.
    {
      ref: element,
      'aria-label': label,
      title: value,
      disabled,
      onChange: change,
      onFocusOut: left,
    },
    options.map((option) =>
      h('vscode-option', { key: option, value: option, selected: option === value }, option),
    ),
  );
}

export interface TextFieldProps {
  label: string;
  value: string;
  placeholder?: string;
  disabled?: boolean;
  /** Called while the user types, before the value is committed. */
  onInput?: (text: string) => void;
  /** Enter, or the field is left. */
  onCommit: (text: string) => void;
  /** Escape. */
  onCancel?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

export function TextField(props: TextFieldProps) {
  const { label, value, placeholder, disabled = false, onInput, onCommit } = props;
  const { onCancel, onKeyDown } = props;
  const element = useRef<ToolkitTextField>(null);
  const typing = useRef(false);
  useLayoutEffect(() => {
    // The control sets its own name when it enters the document; set the right one after that.
    element.current?.setAttribute('aria-label', label);
  }, [label]);
  useLayoutEffect(() => {
    // Do not replace text that the user is typing.
    const field = element.current;
    if (field && !typing.current && field.value !== value) field.value = value;
  });
  return h('vscode-text-field', {
    ref: element,
    placeholder,
    disabled,
    onInput: () => {
      typing.current = true;
      onInput?.(element.current?.value ?? '');
    },
    onChange: () => {
      if (!typing.current) return;
      typing.current = false;
      onCommit(element.current?.value ?? '');
    },
    onBlur: () => {
      typing.current = false;
      if (element.current) element.current.value = value;
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape' && typing.current) {
        typing.current = false;
        if (element.current) element.current.value = value;
        onCancel?.();
      }
      onKeyDown?.(event);
    },
  });
}
