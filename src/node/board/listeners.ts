export type Listener<T> = (value: T) => void;
/** Ends what the call that returned it began. */
export type Disposer = () => void;

/** Those who want to hear of one kind of event. */
export class Listeners<T> {
  private readonly listeners = new Set<Listener<T>>();

  add(listener: Listener<T>): Disposer {
    // A listener of its own each time, so that one added twice is two.
    const own: Listener<T> = (value) => listener(value);
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  emit(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}
