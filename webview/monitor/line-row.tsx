import { memo } from 'preact/compat';
import type { LineTest } from '../../src/core/monitor/line-filter';
import { linePieces } from '../../src/core/monitor/line-text';
import type { Line } from '../../src/core/monitor/line-log';
import { marked, textOf } from '../../src/core/monitor/piece';

export interface LineRowProps {
  line: Line;
  number: number;
  /** The current text of the line: it may grow. */
  text: string;
  /** Its time; empty for none. */
  time: string;
  pretty: boolean;
  test: LineTest | undefined;
  /** In CSS pixels from the first line. */
  top: number;
}

/** A line with its colours and the matches of the filter. */
export const LineRow = memo(function LineRow(props: LineRowProps) {
  const { line, number, time, pretty, test, top } = props;
  const plain = linePieces(line, pretty);
  const pieces = test ? marked(plain, test.find(textOf(plain)), 'found') : plain;
  return (
    <div
      class={`line ${line.kind}${line.isRest ? ' rest' : ''}`}
      data-number={number}
      style={{ top: `${top}px` }}
    >
      {time !== '' && <span class="time">{time}</span>}
      <span class="text">
        {pieces.map(({ text, look }, index) =>
          look === '' ? (
            text
          ) : (
            <span key={index} class={look}>
              {text}
            </span>
          ),
        )}
      </span>
    </div>
  );
});
