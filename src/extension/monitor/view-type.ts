/** The panel of the token monitor, as package.json wakes the extension for it. */
export const monitorViewType = 'starmind.monitor';
