/**
 * A finding about user input, placed on the value that causes it. The core reports problems as
 * data; only the surfaces (command line, editor) decide how to show them.
 */
export interface Problem {
  /** Stable identifier, for example `architecture.kv-heads`. */
  code: string;
  severity: 'error' | 'warning' | 'info';
  /** Dotted path into model.json, for example `architecture.n_heads`; empty for the whole file. */
  path: string;
  message: string;
  /** What the user can do about it, in words. */
  fix?: string;
  /** Byte-for-byte place in the text the problem came from, where there is one. */
  range?: { offset: number; length: number };
}

/** A value that may be absent because of the problems listed beside it. */
export interface Checked<T> {
  value: T | undefined;
  problems: Problem[];
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
