import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Reads the lines that a growing file of JSON lines has got since the last look. */
export class LineTail<T> {
  private offset = 0;
  /** Bytes of a line whose end is not there yet. */
  private rest = Buffer.alloc(0);

  constructor(private readonly path: string) {}

  /** `isWhole`: the file is a new or a shortened one, and these are all of its lines. */
  read(): { lines: T[]; isWhole: boolean } {
    let file: number;
    try {
      file = openSync(this.path, 'r');
    } catch {
      return { lines: [], isWhole: this.reset() };
    }
    try {
      const { size } = fstatSync(file);
      const isWhole = (size < this.offset && this.reset()) || this.offset === 0;
      const added = Buffer.alloc(size - this.offset);
      const length = readSync(file, added, 0, added.length, this.offset);
      this.offset += length;
      const bytes = Buffer.concat([this.rest, added.subarray(0, length)]);
      const end = bytes.lastIndexOf('\n') + 1;
      this.rest = bytes.subarray(end);
      const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
      return { lines: lines.map((line) => JSON.parse(line) as T), isWhole };
    } finally {
      closeSync(file);
    }
  }

  /** Begins anew; whether anything had been read. */
  private reset(): boolean {
    const hadRead = this.offset > 0;
    this.offset = 0;
    this.rest = Buffer.alloc(0);
    return hadRead;
  }
}
