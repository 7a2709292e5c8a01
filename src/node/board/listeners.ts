export type Listener<T> = (value: T) => void;
/** Ends what the call that returned it has begun. */
export type Disposer = () => void;

/** The listeners of one kind of event. */
export class Listeners<T> {
  private readonly listeners = new Set<Listener<T>>();

  add(listener: Listener<T>): Disposer {
    // Wrap each listener, so that one added twice counts as two.
    const own: Listener<T> = (value) => listener(value);
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  emit(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}
