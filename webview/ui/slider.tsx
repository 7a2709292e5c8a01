export interface SliderProps {
  label: string;
  /** Values that the slider can take, ascending. */
  stops: readonly number[];
  /** One of the stops. */
  value: number;
  disabled?: boolean;
  /** Called while the user drags. */
  onInput: (value: number) => void;
  /** Called when the user lets go, or after a step by keyboard. */
  onChange: (value: number) => void;
}

/** The toolkit has no slider: a native one over uneven stops, dressed by slider.css. */
export function Slider({ label, stops, value, disabled, onInput, onChange }: SliderProps) {
  const valueOf = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
    stops[Number(currentTarget.value)] ?? value;
  return (
    <input
      type="range"
      class="slider"
      aria-label={label}
      aria-valuetext={String(value)}
      min={0}
      max={stops.length - 1}
      step={1}
      value={stops.indexOf(value)}
      disabled={disabled}
      onInput={(event) => onInput(valueOf(event))}
      onChange={(event) => onChange(valueOf(event))}
    />
  );
}
