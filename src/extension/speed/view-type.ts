/** The page with the speed of a model, as package.json wakes the extension for it. */
export const speedViewType = 'starmind.speed';
