/**
 * True for Enter without modifiers: with them it is a shortcut of VS Code, such as that of Build &
 * Flash, or begins a new line.
 */
export function isPlainEnter(event: KeyboardEvent): boolean {
  const { key, altKey, ctrlKey, metaKey, shiftKey, isComposing } = event;
  return key === 'Enter' && !(altKey || ctrlKey || metaKey || shiftKey || isComposing);
}
