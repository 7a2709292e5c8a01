/** Lets things be done one after the other, in the order in which they were asked for. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(use: () => Promise<T>): Promise<T> {
    const turn = this.last.then(use);
    // One that fails does not keep others from their turns.
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
