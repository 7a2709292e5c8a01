/** The language of model.json, as package.json contributes it. */
export const modelLanguage = 'starmind-model';
