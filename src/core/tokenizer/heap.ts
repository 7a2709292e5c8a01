/** A binary heap: `pop` removes the item that comes before all others. */
export class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  push(item: T): void {
    let at = this.items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.comesBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): T | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (this.items.length > 0 && last !== undefined) {
      this.items[0] = last;
      this.sink(0);
    }
    return first;
  }

  private sink(from: number): void {
    let at = from;
    for (;;) {
      let best = at;
      if (this.comesBefore(2 * at + 1, best)) best = 2 * at + 1;
      if (this.comesBefore(2 * at + 2, best)) best = 2 * at + 2;
      if (best === at) return;
      this.swap(at, best);
      at = best;
    }
  }

  /** False for indices beyond the end. */
  private comesBefore(a: number, b: number): boolean {
    return a < this.items.length && this.before(this.items[a] as T, this.items[b] as T);
  }

  private swap(a: number, b: number): void {
    const item = this.items[a] as T;
    this.items[a] = this.items[b] as T;
    this.items[b] = item;
  }
}
