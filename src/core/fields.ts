/** The fields of a JSON object, not checked. */
export type Fields = Record<string, unknown>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a value of JSON; none when it is no object. */
export function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

/** A value when it is a finite number. */
export function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A value when it is text. */
export function textual(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Reads a value that a file should hold; undefined when it is something else. */
export type Check<T> = (value: unknown) => T | undefined;

/** The value that a text holds as JSON; undefined when it is damaged, or something else. */
export function valueOf<T>(json: string, check: Check<T>): T | undefined {
  try {
    return check(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** The values of lines of JSON. Damaged lines are left out, and a last line without its end. */
export function valuesOf<T>(lines: string, check: Check<T>): T[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => valueOf(line, check))
    .filter((value) => value !== undefined);
}
