/** Runs tasks one after the other, in the order of the calls. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(use: () => Promise<T>): Promise<T> {
    const turn = this.last.then(use);
    // A failed task must not keep the others from their turns.
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
