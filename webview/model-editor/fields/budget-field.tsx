import { setting, type Change } from '../../../src/core/problem';
import { Dropdown } from '../../ui/toolkit';
import { useEditor } from '../editor-context';
import { FieldRow } from './field-row';
import { NumberInput } from './number-input';

const units = ['minutes', 'steps', 'epochs'] as const;
type Unit = (typeof units)[number];

/** A sensible start value in each unit. */
const typical: Record<Unit, number> = { minutes: 2, steps: 2000, epochs: 1 };

export const budgetPaths = units.map((unit) => `training.${unit}`);

/** The length of the training: model.json has one of three units. */
export function BudgetField() {
  const { state, commit } = useEditor();
  if (!state.model) return null;
  const { training } = state.model.config;
  const unit = units.find((each) => training[each] !== undefined) ?? 'steps';
  const write = (next: Unit, amount: number) => {
    const others = units.filter((other) => other !== next);
    commit([
      ...others.map((other): Change => ({ path: ['training', other], remove: true })),
      setting(`training.${next}`, amount),
    ]);
  };
  return (
    <FieldRow path="training.steps" others={['training.epochs', 'training.minutes']} name="budget">
      <NumberInput
        path={`training.${unit}`}
        label={`budget in ${unit}`}
        value={training[unit]}
        onCommit={(amount) => amount !== undefined && write(unit, amount)}
      />
      <Dropdown
        label="unit of the budget"
        value={unit}
        options={units}
        disabled={!state.isReadable}
        onChange={(next) => {
          const chosen = units.find((each) => each === next);
          if (chosen) write(chosen, typical[chosen]);
        }}
      />
    </FieldRow>
  );
}
