import { Range, TabInputText, ViewColumn, window, type TextDocument } from 'vscode';

/** Shows the text of a model.json where it is open already, or else beside its form. */
export async function showText(document: TextDocument, offset?: number): Promise<void> {
  const open = window.tabGroups.all.find(({ tabs }) =>
    tabs.some(
      ({ input }) =>
        input instanceof TabInputText && input.uri.toString() === document.uri.toString(),
    ),
  );
  const place = offset === undefined ? undefined : document.positionAt(offset);
  await window.showTextDocument(document, {
    viewColumn: open?.viewColumn ?? ViewColumn.Beside,
    ...(place && { selection: new Range(place, place) }),
  });
}
