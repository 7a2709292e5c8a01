/**
 * The choices of an architecture. The index of a choice is its code in device images and in the
 * trainer; the C headers of both are generated from here, so append new choices at the end.
 */
export const architectureOptions = {
  norm: ['rmsnorm', 'layernorm'],
  position: ['rope', 'learned', 'none'],
  activation: ['silu', 'relu', 'relu2', 'gelu'],
} as const;

/** What a generation does when the context is full; a choice's place is its code in images. */
export const whenFullChoices = ['stop', 'slide'] as const;
export type WhenFull = (typeof whenFullChoices)[number];

/** What the rows of n-gram tables are added to; a choice's place is its code in images. */
export const ngramTargets = ['values', 'residual'] as const;
export type NgramTarget = (typeof ngramTargets)[number];

/** The choices of training.optimizer; a choice's place is its code in the trainer. */
export const optimizers = ['adamw', 'muon'] as const;
export type Optimizer = (typeof optimizers)[number];

export type ArchitectureOption = keyof typeof architectureOptions;
export type Choice<Option extends ArchitectureOption> =
  (typeof architectureOptions)[Option][number];

export type Norm = Choice<'norm'>;
export type Position = Choice<'position'>;
export type Activation = Choice<'activation'>;

/** The code of a choice in device images and in the trainer. */
export function optionCode<Option extends ArchitectureOption>(
  option: Option,
  choice: Choice<Option>,
): number {
  const choices: readonly string[] = architectureOptions[option];
  return choices.indexOf(choice);
}
