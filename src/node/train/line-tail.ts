import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { valuesOf, type Check } from '../../core/fields';

/** Reads the lines that a growing file of JSON lines has got since the last look. */
export class LineTail<T> {
  private offset = 0;
  /** Bytes of a line whose end is not there yet. */
  private rest = Buffer.alloc(0);
  /** Nothing has been read of the file as it is now. */
  private isNew = true;

  /** @param check reads a line; the tail leaves out damaged ones */
  constructor(
    private readonly path: string,
    private readonly check: Check<T>,
  ) {}

  /** `isWhole`: the file is a new, a shortened or a missing one, and these are all of its lines. */
  read(): { lines: T[]; isWhole: boolean } {
    let added: Buffer;
    try {
      added = this.readAdded();
    } catch {
      if (this.offset > 0) this.reset();
      added = Buffer.alloc(0);
    }
    const bytes = Buffer.concat([this.rest, added]);
    const end = bytes.lastIndexOf('\n') + 1;
    this.rest = bytes.subarray(end);
    this.offset += added.length;
    const isWhole = this.isNew;
    this.isNew = false;
    return { lines: valuesOf(bytes.subarray(0, end).toString('utf8'), this.check), isWhole };
  }

  private readAdded(): Buffer {
    const file = openSync(this.path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size < this.offset) this.reset();
      const added = Buffer.alloc(size - this.offset);
      return added.subarray(0, readSync(file, added, 0, added.length, this.offset));
    } finally {
      closeSync(file);
    }
  }

  private reset(): void {
    this.offset = 0;
    this.rest = Buffer.alloc(0);
    this.isNew = true;
  }
}
