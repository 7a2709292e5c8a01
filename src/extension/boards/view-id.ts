/** The view of boards, as package.json contributes it. */
export const boardsViewId = 'starmind.boards';
