const modifier = navigator.platform.startsWith('Mac') ? 'Cmd' : 'Ctrl';

/** A key with the modifier of this system's shortcuts: `Ctrl+F`, or `Cmd+F` on macOS. */
export function shortcut(key: string): string {
  return `${modifier}+${key}`;
}
