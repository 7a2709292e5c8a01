import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useTheme } from './theme';

export interface PlotProps {
  /** Said in place of the picture. */
  label: string;
  x: { label: string; values: readonly number[] };
  y: { label: string; values: readonly number[] };
  /** Height in CSS pixels; the width is that of the page. */
  height: number;
}

/** A line over numbers, in the colours of the theme. */
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
  const color = (name: string, fallback: string) => style.getPropertyValue(name) || fallback;
  const foreground = color('--vscode-foreground', '#888');
  const grid = { stroke: color('--vscode-panel-border', '#8884'), width: 1 };
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: foreground, font, labelFont: font, grid, ticks: grid, labelSize: 16 };
  return {
    width,
    height,
    scales: { x: { time: false }, y: { range: (_, __, greatest) => [0, greatest * 1.1] } },
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...axis, label: x, size: 28 },
      { ...axis, label: y, size: 44 },
    ],
    series: [
      {},
      { stroke: color('--vscode-charts-blue', '#37f'), width: 2, points: { show: false } },
    ],
  };
}
