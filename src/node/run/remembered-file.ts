import { readFileSync, statSync } from 'node:fs';

/** What a file says, read anew only when the file has changed. */
export class RememberedFile<T> {
  private state: string | undefined;
  private value: T | undefined;

  /** @param understand undefined when the text does not hold what it should; may throw */
  constructor(
    private readonly path: string,
    private readonly understand: (text: string) => T | undefined,
  ) {}

  /** Undefined when the file is missing or damaged. */
  read(): T | undefined {
    try {
      const { mtimeMs, size, ino } = statSync(this.path);
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state === this.state) return this.value;
      this.value = this.understand(readFileSync(this.path, 'utf8'));
      this.state = state;
    } catch {
      this.value = undefined;
      this.state = undefined;
    }
    return this.value;
  }
}
