import {
  Disposable,
  QuickInputButtons,
  QuickPickItemKind,
  window,
  type QuickPickItem,
} from 'vscode';
import type { Position } from './walk';

export interface Question<Item extends QuickPickItem> extends Position {
  title: string;
  placeholder: string;
  items: readonly Item[];
}

/** Asks for one of several items; from the second step on, a button leads back. */
export function pick<Item extends QuickPickItem>(
  question: Question<Item>,
): Promise<Item | 'back' | 'cancel'> {
  const input = window.createQuickPick<Item>();
  const { items, ...shown } = question;
  Object.assign(input, shown, { items, matchOnDescription: true, ignoreFocusOut: true });
  input.buttons = question.step > 1 ? [QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const end = (answer: Item | 'back' | 'cancel') => {
      resolve(answer);
      owned.dispose();
    };
    const owned = Disposable.from(
      input,
      input.onDidTriggerButton(() => end('back')),
      input.onDidAccept(() => {
        const [item] = input.selectedItems;
        if (item) end(item);
      }),
      input.onDidHide(() => end('cancel')),
    );
    input.show();
  });
}

/** The items, each group under a separator, which the user cannot choose. */
export function withGroups<Item extends { label: string; group: string }>(
  items: readonly Item[],
): (Item | (QuickPickItem & { kind: QuickPickItemKind.Separator }))[] {
  return items.flatMap((item, index) => {
    const isFirst = items[index - 1]?.group !== item.group;
    const separator = { label: item.group, kind: QuickPickItemKind.Separator } as const;
    return isFirst ? [separator, item] : [item];
  });
}
