import * as vscode from 'vscode';

/** The content of a quick pick before it was answered. */
export interface ShownPick {
  step: number | undefined;
  labels: string[];
}

/** Goes back instead of choosing. */
export const goBack = Symbol('back');

/**
 * Stands in for `createQuickPick`: each quick pick chooses the item with the next label, or goes
 * back, as soon as it is shown. `shown` records its items.
 */
export function answeredPicks(answers: readonly (string | typeof goBack)[]) {
  const left = [...answers];
  const shown: ShownPick[] = [];
  const create = () => {
    const pick = new AnsweredPick(() => {
      shown.push({ step: pick.step, labels: pick.items.map(({ label }) => label) });
      return left.shift();
    });
    return pick;
  };
  return { create, shown };
}

class AnsweredPick {
  items: readonly vscode.QuickPickItem[] = [];
  selectedItems: readonly vscode.QuickPickItem[] = [];
  buttons: readonly vscode.QuickInputButton[] = [];
  step: number | undefined;

  private readonly accepted = new vscode.EventEmitter<void>();
  private readonly triggered = new vscode.EventEmitter<vscode.QuickInputButton>();
  private readonly hidden = new vscode.EventEmitter<void>();
  readonly onDidAccept = this.accepted.event;
  readonly onDidTriggerButton = this.triggered.event;
  readonly onDidHide = this.hidden.event;

  constructor(private readonly answer: () => string | typeof goBack | undefined) {}

  show(): void {
    const answer = this.answer();
    const [button] = this.buttons;
    if (answer === goBack && button) {
      this.triggered.fire(button);
      return;
    }
    this.selectedItems = this.items.filter(({ label }) => label === answer);
    if (this.selectedItems.length > 0) this.accepted.fire();
    else this.hidden.fire();
  }

  dispose(): void {
    for (const emitter of [this.accepted, this.triggered, this.hidden]) emitter.dispose();
  }
}
