/** The settings that package.json contributes. */
export const settings = {
  /** The form opens beside the text of a model.json. */
  openFormBeside: 'starmind.openFormBeside',
  /** The page of trainings opens when one starts. */
  openTrainingPage: 'starmind.training.openPage',
  /** What becomes of a training whose window is closed: `stop` or `continue`. */
  python: 'starmind.python',
  whenWindowCloses: 'starmind.training.whenWindowCloses',
} as const;
