import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { forcedColors, useTheme } from './theme';

export interface PlotProps {
  /** Text alternative of the picture. */
  label: string;
  /** Over whole numbers. */
  x: { label: string; values: readonly number[] };
  y: { label: string; values: readonly number[] };
  /** Height in CSS pixels; the width is that of the page. */
  height: number;
}

/** Steps between the numbers on the axis: there is nothing between whole ones. */
const wholeSteps = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((power) => [
  power,
  2 * power,
  5 * power,
]);

/** A line plot over whole numbers, in the colours of the theme or of the system. */
export function Plot({ label, x, y, height }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const theme = useTheme();
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const made = new uPlot(
      options(element.clientWidth, height, x.label, y.label),
      [[], []],
      element,
    );
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    plot.current = made;
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [theme, height, x.label, y.label]);
  useEffect(() => {
    plot.current?.setData([[...x.values], [...y.values]]);
  }, [theme, x.values, y.values]);
  return <div class="plot" role="img" aria-label={label} ref={frame} />;
}

function options(width: number, height: number, x: string, y: string): uPlot.Options {
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
    width,
    height,
    scales: { x: { time: false }, y: { range: (_, __, greatest) => [0, greatest * 1.1] } },
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...axis, label: x, size: 28, incrs: wholeSteps },
      { ...axis, label: y, size: 44 },
    ],
    series: [
      {},
      {
        stroke: color('--vscode-charts-blue', '#37f', 'CanvasText'),
        width: 2,
        points: { show: false },
      },
    ],
  };
}
