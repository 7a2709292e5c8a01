import type { Code } from '../wasm/code';

/** A value that can be pushed any number of times until the end of its block. */
export interface Held {
  push: () => void;
  /** The locals for values that it reads. */
  locals: readonly number[];
}

export function constant(code: Code, value: number): Held {
  return { push: () => code.constant(value), locals: [] };
}

/** A value that is computed from others where it is pushed. */
export function computed(from: readonly Held[], push: () => void): Held {
  return { push, locals: from.flatMap(({ locals }) => locals) };
}
