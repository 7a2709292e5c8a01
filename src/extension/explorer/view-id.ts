/** The Starmind view, as package.json contributes it. */
export const viewId = 'starmind.models';
