import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { forcedColors, useTheme } from './theme';

/** A line of a plot. */
export interface Line {
  label: string;
  /** Ascending. */
  x: readonly number[];
  y: readonly number[];
  /** Number of its colour, from 0; lines of a plot also differ in their dashes. */
  tone?: number;
  dashes?: keyof typeof dashPatterns;
}

export interface PlotProps {
  /** Text alternative of the picture. */
  label: string;
  lines: readonly Line[];
  x: string;
  y: string;
  /** Height in CSS pixels; the width is that of the page. */
  height: number;
  /** The y axis begins at 0; without it, it shows what the lines reach. */
  fromZero?: boolean;
}

export const dashPatterns = { none: [], long: [8, 5], short: [3, 3] };

/** Variables of VS Code's themes, and a colour for themes without them. */
const tones = [
  ['--vscode-charts-blue', '#3794ff'],
  ['--vscode-charts-orange', '#d18616'],
  ['--vscode-charts-green', '#89d185'],
  ['--vscode-charts-purple', '#b180d7'],
  ['--vscode-charts-red', '#f14c4c'],
  ['--vscode-charts-yellow', '#cca700'],
] as const;

/** The number of colours; further lines begin again with the first. */
export const toneCount = tones.length;

/** The colour of a tone for style sheets. */
export function toneColor(tone: number): string {
  const [name, fallback] = tones[tone % tones.length] ?? tones[0];
  return `var(${name}, ${fallback})`;
}

/** Steps between the numbers on the axis: there is nothing between whole ones. */
const wholeSteps = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((power) => [
  power,
  2 * power,
  5 * power,
]);

/** A line plot over whole numbers, in the colours of the theme or of the system. */
export function Plot({ label, lines, x, y, height, fromZero = false }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const theme = useTheme();
  const looks = lines.map(({ tone = 0, dashes = 'none' }) => `${tone} ${dashes}`).join();
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const size = { width: element.clientWidth, height };
    const made = new uPlot({ ...size, ...options(lines, x, y, fromZero) }, [[]], element);
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    plot.current = made;
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [theme, height, x, y, fromZero, looks]);
  useEffect(() => {
    plot.current?.setData(dataOf(lines));
  }, [theme, height, x, y, fromZero, looks, lines]);
  return <div class="plot" role="img" aria-label={label} ref={frame} />;
}

/** The lines over one axis: they need not have the same places. */
function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  const tables = lines.map((line): uPlot.AlignedData => [[...line.x], [...line.y]]);
  const [first] = tables;
  if (!first) return [[]];
  return tables.length === 1 ? first : uPlot.join(tables);
}

function options(
  lines: readonly Line[],
  x: string,
  y: string,
  fromZero: boolean,
): Omit<uPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(document.body);
  // In forced-colors mode the browser does not recolour a canvas.
  const isForced = matchMedia(forcedColors).matches;
  const color = (name: string, fallback: string, system: string) =>
    isForced ? system : style.getPropertyValue(name) || fallback;
  const foreground = color('--vscode-foreground', '#888', 'CanvasText');
  const grid = { stroke: color('--vscode-panel-border', '#8884', 'GrayText'), width: 1 };
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: foreground, font, labelFont: font, grid, ticks: grid, labelSize: 16 };
  return {
    scales: {
      x: { time: false },
      y: fromZero ? { range: (_, __, greatest) => [0, greatest * 1.1] } : {},
    },
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...axis, label: x, size: 28, incrs: wholeSteps },
      { ...axis, label: y, size: 52 },
    ],
    series: [
      {},
      ...lines.map(({ tone = 0, dashes = 'none' }): uPlot.Series => {
        const [name, fallback] = tones[tone % tones.length] ?? tones[0];
        const dash = dashPatterns[dashes];
        return {
          stroke: color(name, fallback, 'CanvasText'),
          width: 2,
          points: { show: false },
          // Lines have places of their own: nothing is missing between them.
          spanGaps: true,
          ...(dash.length > 0 && { dash }),
        };
      }),
    ],
  };
}
