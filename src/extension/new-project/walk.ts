/** How a step was left. */
export type Outcome = 'next' | 'back' | 'cancel';

/** Where a step stands, as its title tells. */
export interface Position {
  step: number;
  totalSteps: number;
}

export type Step = (position: Position) => Promise<Outcome>;

/** Goes through steps, back and forth. Resolves to false when one of them was cancelled. */
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
