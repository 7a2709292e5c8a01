/**
 * Long work that can be interrupted: it yields often, at most some tens of milliseconds apart, so
 * that its caller may do something else in between, or abandon it.
 */
export type Turns<T> = Generator<void, T, void>;

/** Does the work in one go. */
export function finish<T>(work: Turns<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
