/** The panel of the virtual Pico, as package.json wakes the extension for it. */
export const virtualPicoViewType = 'starmind.virtualPico';
