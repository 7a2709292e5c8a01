import { useMemo, useRef, useState } from 'preact/hooks';
import { lineTest, type LineTest } from '../../src/core/monitor/line-filter';
import type { LineLog } from '../../src/core/monitor/line-log';
import { joinedLines, type CopiedLine } from '../../src/core/monitor/line-joining';
import { lineText } from '../../src/core/monitor/line-text';
import { lineTime } from '../../src/core/monitor/line-time';
import type { ShownLines } from '../../src/core/monitor/shown-lines';
import { LineList } from './line-list';
import { LineRow } from './line-row';
import { SendBox } from './send-box';
import { SerialTools } from './serial-tools';
import { useCopying } from './use-copying';
import { useShownLines } from './use-shown-lines';
import type { ViewProps } from './view';

export interface SerialViewProps extends ViewProps {
  log: LineLog;
  /** Grows whenever the log does. */
  version: number;
}

/** All traffic of the serial port, line by line. */
export function SerialView(props: SerialViewProps) {
  const { settings, drafts, log, version } = props;
  const { pretty } = settings;
  const [cleared, setCleared] = useState(0);
  const view = useRef<HTMLDivElement>(null);
  const query = useMemo(() => lineTest(drafts.filter), [drafts.filter]);
  const wanted = query && 'passes' in query ? query : undefined;
  const changes = `${version} ${cleared}`;
  const { lines, progress, step } = useShownLines(log, pretty, wanted, changes);
  const problem = query?.problem;
  const test = problem === undefined ? wanted : undefined;
  const { outcome, copy } = useCopying();
  const timeAt = timesOf(props, lines);
  const lineAt = (index: number): CopiedLine => {
    const line = lines.at(index);
    const isNext = index > 0 && lines.numberAt(index - 1) === lines.numberAt(index) - 1;
    return { text: line ? lineText(line, pretty) : '', isRest: isNext && line?.isRest === true };
  };
  const allText = () => {
    const copied: CopiedLine[] = [];
    for (let index = 0; index < lines.count; index++) {
      const line = lineAt(index);
      const time = timeAt(index);
      const mark = lines.at(index)?.kind === 'sent' ? '> ' : '';
      if (!line.isRest) line.text = `${time}${time === '' ? '' : ' '}${mark}${line.text}`;
      copied.push(line);
    }
    return joinedLines(copied);
  };
  return (
    <div
      class="serial"
      ref={view}
      onKeyDown={(event) => {
        if (event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        view.current?.querySelector<HTMLElement>('.filter')?.focus();
      }}
    >
      <SerialTools
        {...props}
        count={lines.count}
        total={log.end - log.first}
        isFiltered={test !== undefined}
        progress={progress}
        problem={problem}
        copied={outcome}
        onCopy={() => void copy(allText(), lines.count)}
        onClear={() => {
          log.clear();
          setCleared((before) => before + 1);
        }}
      />
      <LineList
        // An emptied list starts over, at the end.
        key={cleared}
        lines={lines}
        version={`${changes} ${step}`}
        end={log.end}
        isWhole={progress === 1}
        isShown={settings.tab === 'serial'}
        lineAt={lineAt}
        allText={allText}
        row={(index, top) => rowOf(lines, index, { time: timeAt(index), pretty, test, top })}
      />
      <SendBox {...props} />
    </div>
  );
}

/** The text before each of the lines. */
function timesOf(
  { settings: { times }, log }: SerialViewProps,
  lines: ShownLines,
): (index: number) => string {
  const start = log.at(log.first)?.at ?? 0;
  return (index) => {
    const number = lines.numberAt(index);
    const at = log.at(number)?.at ?? start;
    return lineTime(times, at, start, log.at(number - 1)?.at ?? at);
  };
}

interface RowLooks {
  time: string;
  pretty: boolean;
  test: LineTest | undefined;
  top: number;
}

function rowOf(lines: ShownLines, index: number, looks: RowLooks) {
  const line = lines.at(index);
  const number = lines.numberAt(index);
  return line && <LineRow key={number} line={line} number={number} text={line.text} {...looks} />;
}
