import type { ComponentChildren } from 'preact';
import { memo } from 'preact/compat';

export interface TabsProps<Id extends string> {
  tabs: readonly { id: Id; label: string; view: ComponentChildren }[];
  chosen: Id;
  onChoose: (id: Id) => void;
}

/** Tabs as WAI-ARIA describes them: the arrow keys go from one to the next. */
export function Tabs<Id extends string>({ tabs, chosen, onChoose }: TabsProps<Id>) {
  const move = (event: KeyboardEvent, direction: number) => {
    const place = tabs.findIndex(({ id }) => id === chosen);
    const next = tabs[(place + direction + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label="Views">
        {tabs.map(({ id, label }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === chosen}
            aria-controls={`tab-panel-${id}`}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => onChoose(id)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') move(event, 1);
              if (event.key === 'ArrowLeft') move(event, -1);
            }}
          >
            {label}
          </button>
        ))}
      </div>
      {tabs.map(({ id, view }) => (
        <Panel key={id} id={id} isChosen={id === chosen}>
          {view}
        </Panel>
      ))}
    </>
  );
}

interface PanelProps {
  id: string;
  isChosen: boolean;
  children: ComponentChildren;
}

/** The panel of a tab. While hidden it keeps its scroll position and renders nothing new. */
const Panel = memo(
  function Panel({ id, isChosen, children }: PanelProps) {
    return (
      <div
        class="tab-panel"
        id={`tab-panel-${id}`}
        role="tabpanel"
        aria-labelledby={`tab-${id}`}
        hidden={!isChosen}
      >
        {children}
      </div>
    );
  },
  (before, after) => !before.isChosen && !after.isChosen,
);
