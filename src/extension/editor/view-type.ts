/** The custom editor for model.json, as package.json contributes it. */
export const modelEditorViewType = 'starmind.modelEditor';
