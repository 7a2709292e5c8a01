/** A Uint16Array that grows. */
export class TokenBuffer {
  length = 0;
  private ids = new Uint16Array(256);

  push(id: number): void {
    this.reserve(1);
    this.ids[this.length++] = id;
  }

  append(ids: Uint16Array): void {
    this.reserve(ids.length);
    // Words are a few tokens long: a loop beats TypedArray.set.
    for (let i = 0; i < ids.length; i++) this.ids[this.length + i] = ids[i] as number;
    this.length += ids.length;
  }

  toArray(): Uint16Array {
    return this.ids.slice(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.ids.length) return;
    const larger = new Uint16Array(Math.max(2 * this.ids.length, this.length + more));
    larger.set(this.ids);
    this.ids = larger;
  }
}
