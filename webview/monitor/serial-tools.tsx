import { expressionReach } from '../../src/core/monitor/line-filter';
import type { LineTimes } from '../../src/core/monitor/line-time';
import { grouped } from '../../src/core/text';
import { Button, Checkbox, Dropdown } from '../ui/toolkit';
import { shortcut } from './shortcut';
import type { CopyOutcome } from './use-copying';
import type { ViewProps } from './view';

const timeNames: Record<LineTimes, string> = {
  none: 'No times',
  clock: 'Clock',
  start: 'Since the first line',
  line: 'Since the line before',
};

export interface SerialToolsProps extends ViewProps {
  /** Number of lines shown, and of all lines. */
  count: number;
  total: number;
  isFiltered: boolean;
  /** Share of the lines that the filter has tested. */
  progress: number;
  /** The filter's error. */
  problem: string | undefined;
  copied: CopyOutcome | undefined;
  onCopy: () => void;
  onClear: () => void;
}

/** Controls of which lines are shown, and how. */
export function SerialTools(props: SerialToolsProps) {
  const { settings, drafts, keep, draft, post, count, total, isFiltered, progress, problem } =
    props;
  const { copied } = props;
  const isReplaying = props.state.connection.status === 'replaying';
  return (
    <div class="tools" role="toolbar" aria-label="Serial lines">
      <span class="search">
        <input
          type="text"
          class="filter"
          aria-label="Filter"
          aria-invalid={problem !== undefined}
          aria-describedby="filter-result"
          placeholder="Filter: text or /expression/"
          title={`${shortcut('F')}. An expression looks at the first ${grouped(expressionReach)} characters of a line, and may not repeat what repeats.`}
          autocomplete="off"
          spellcheck={false}
          value={drafts.filter}
          onInput={({ currentTarget: { value: filter } }) => draft({ filter })}
          onKeyDown={({ key }) => key === 'Escape' && draft({ filter: '' })}
        />
        <span class="copied" role="status">
          {copied?.isCopied && copied.text}
        </span>
        <span class="count" id="filter-result" data-testid="count" hidden={copied?.isCopied}>
          {problem === undefined
            ? countText(count, total, isFiltered, progress)
            : `${grouped(total)} lines`}
        </span>
      </span>
      <span class="choices">
        <Dropdown
          label="Times"
          value={timeNames[settings.times]}
          options={Object.values(timeNames)}
          onChange={(name) => {
            const [times] = Object.entries(timeNames).find(([, other]) => other === name) ?? [];
            if (times) keep({ times: times as LineTimes });
          }}
        />
        <Checkbox
          label="Records in words"
          checked={settings.pretty}
          onChange={(pretty) => keep({ pretty })}
        />
        <Button title="Copy all lines that are shown" onClick={props.onCopy}>
          Copy
        </Button>
        <Button title="Empty this view; the log keeps everything" onClick={props.onClear}>
          Clear
        </Button>
        <Button
          disabled={isReplaying}
          title={
            isReplaying
              ? 'What is shown is in a file already: it is a recorded session.'
              : 'Save everything since the board was chosen'
          }
          onClick={() => post({ kind: 'saveLog' })}
        >
          Save Log...
        </Button>
      </span>
      {problem !== undefined && (
        <p class="problem" role="alert">
          Not filtered. {problem}
        </p>
      )}
      {copied?.isCopied === false && (
        <p class="problem" role="alert">
          {copied.text}
        </p>
      )}
    </div>
  );
}

function countText(count: number, total: number, isFiltered: boolean, progress: number): string {
  if (!isFiltered) return `${grouped(total)} ${total === 1 ? 'line' : 'lines'}`;
  const found = `${grouped(count)} of ${grouped(total)} lines`;
  return progress < 1 ? `${found}, ${Math.floor(100 * progress)} % filtered` : found;
}
