import type { Code } from '../wasm/code';

/** A value that can be pushed any number of times until the end of its block. */
export interface Held {
  push: () => void;
  /** The temporaries that it reads, a bit each. */
  temporaries: number;
}

export function constant(code: Code, value: number): Held {
  return { push: () => code.constant(value), temporaries: 0 };
}

/** A value that is computed from others where it is pushed. */
export function computed(from: readonly Held[], push: () => void): Held {
  let temporaries = 0;
  for (const held of from) temporaries |= held.temporaries;
  return { push, temporaries };
}
