/** The page of trainings, as package.json wakes the extension for it. */
export const trainingViewType = 'starmind.training';
