/**
 * The control character of a key in a text box, as terminals send it: Ctrl+C ends a program of
 * MicroPython, Ctrl+D restarts it. While text is selected, Ctrl+C copies it instead.
 */
export function controlOf(event: KeyboardEvent): string | undefined {
  const { key, ctrlKey, altKey, metaKey, shiftKey, target } = event;
  if (!ctrlKey || altKey || metaKey || shiftKey) return undefined;
  if (key === 'd') return '\x04';
  const isEmpty = target instanceof HTMLInputElement && target.value === '';
  return key === 'c' && isEmpty && String(getSelection()) === '' ? '\x03' : undefined;
}
