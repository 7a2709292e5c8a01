/**
 * Enter, and nothing held with it: with other keys it is a shortcut of VS Code, such as that of
 * Build & Flash, or begins a line.
 */
export function isPlainEnter(event: KeyboardEvent): boolean {
  const { key, altKey, ctrlKey, metaKey, shiftKey, isComposing } = event;
  return key === 'Enter' && !(altKey || ctrlKey || metaKey || shiftKey || isComposing);
}
