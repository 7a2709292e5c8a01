/** How the user left a step. */
export type Outcome = 'next' | 'back' | 'cancel';

/** Position of a step, which its title shows. */
export interface Position {
  step: number;
  totalSteps: number;
}

export type Step = (position: Position) => Promise<Outcome>;

/** Goes through steps, back and forth. Resolves to false when the user cancels one. */
export async function walk(steps: readonly Step[]): Promise<boolean> {
  let index = 0;
  for (;;) {
    const step = steps[index];
    if (!step) return true;
    const outcome = await step({ step: index + 1, totalSteps: steps.length });
    if (outcome === 'cancel') return false;
    index = Math.max(0, index + (outcome === 'next' ? 1 : -1));
  }
}
