/** A value that JSON can hold. */
export type JsonValue =
  null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue | undefined };

/** Steps from the root of model.json to a value: names of fields. */
export type JsonPath = readonly string[];

/** One change to a model.json: sets a value, removes a field, or renames one. */
export type Change =
  | { path: JsonPath; value: JsonValue }
  | { path: JsonPath; remove: true }
  | { path: JsonPath; rename: string };

/** A remedy that one click applies. */
export interface Fix {
  /** Like `max_seq_len 256 -> 192 (saves 20,480 bytes)`. */
  title: string;
  changes: readonly Change[];
}

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
  /** The user's remedy, in words. */
  fix?: string;
  /** The remedy as changes that a program can apply; each of them solves the problem. */
  fixes?: readonly Fix[];
  /** Range in the text where the problem is, if it has one. */
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

/** The change that sets the value at a dotted path. */
export function setting(path: string, value: JsonValue): Change {
  return { path: path.split('.'), value };
}
