export interface MeterProps {
  label: string;
  /** 0 to 1. */
  share: number;
  /** The figure in words. */
  text: string;
  detail?: string;
}

/** A share as a bar, with its figure. */
export function Meter({ label, share, text, detail }: MeterProps) {
  const percent = Math.round(100 * Math.min(1, Math.max(0, share)));
  return (
    <div class="meter">
      <span class="meter-label">{label}</span>
      <span
        class="meter-bar"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
      >
        <span class="meter-fill" style={{ width: `${percent}%` }} />
      </span>
      <span class="meter-text">{text}</span>
      {detail && <span class="meter-detail">{detail}</span>}
    </div>
  );
}
