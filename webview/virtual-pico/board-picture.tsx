import type { VirtualPicoReading } from '../../src/core/wire/virtual-pico';
import { isOn } from './state';

/** Size of the board, in tenths of a millimetre: 51 by 21, drawn upright. */
const width = 210;
const height = 510;
const pins = 20;
const pinPitch = 25.4;
const firstPin = 15;
const chipSize = 70;

export interface BoardPictureProps {
  reading: VirtualPicoReading | undefined;
  onBootsel: () => void;
}

/** A Pico from above. Its LED shows the average brightness, and its button can be pressed. */
export function BoardPicture({ reading, onBootsel }: BoardPictureProps) {
  const on = isOn(reading);
  const led = reading?.led ?? 0;
  const lit = led > 0 ? 0.25 + 0.75 * led : 0;
  return (
    <figure class="picture">
      <svg
        viewBox={`-6 -16 ${width + 12} ${height + 22}`}
        role="group"
        aria-label="Raspberry Pi Pico"
      >
        <rect class="pcb" width={width} height={height} rx="8" />
        {Array.from({ length: pins }, (_, pin) => (
          <g key={pin} class="pin">
            <circle cx="8" cy={firstPin + pinPitch * pin} r="7" />
            <circle cx={width - 8} cy={firstPin + pinPitch * pin} r="7" />
          </g>
        ))}
        <rect class="usb" x={width / 2 - 38} y="-13" width="76" height="60" rx="4" />
        <g role="img" aria-label={led > 0 ? 'LED on' : 'LED off'} data-led={led.toFixed(2)}>
          <rect class="led-body" x="36" y="58" width="16" height="10" rx="2" />
          <circle class="led-glow" cx="44" cy="63" r="20" style={{ opacity: lit }} />
          <rect
            class="led-lamp"
            x="38"
            y="60"
            width="12"
            height="6"
            rx="2"
            style={{ opacity: lit }}
          />
        </g>
        <g
          class="bootsel"
          role="button"
          // SVG attributes are case-sensitive.
          tabindex={on ? 0 : undefined}
          aria-disabled={!on}
          aria-label="BOOTSEL: restart with this button held"
          onClick={() => on && onBootsel()}
          onKeyDown={(event) => {
            if (!on || (event.key !== 'Enter' && event.key !== ' ')) return;
            event.preventDefault();
            onBootsel();
          }}
        >
          <title>BOOTSEL: restart with this button held</title>
          <rect class="button-body" x={width / 2 - 54} y="92" width="40" height="30" rx="4" />
          <circle class="button" cx={width / 2 - 34} cy="107" r="11" />
        </g>
        <text class="label" x={width / 2 - 34} y="137">
          BOOTSEL
        </text>
        <g class="chip">
          <rect x={(width - chipSize) / 2} y="210" width={chipSize} height={chipSize} rx="3" />
          <circle cx={(width - chipSize) / 2 + 9} cy="219" r="3" />
          <text x={width / 2} y="249">
            RP2040
          </text>
        </g>
        <rect class="flash-chip" x={width / 2 + 6} y="150" width="34" height="40" rx="2" />
        <text class="label" x={width / 2 + 23} y="173">
          2 MB
        </text>
        <text class="name" x={width / 2} y="400">
          Pico
        </text>
        <text class="label" x={width / 2} y="420">
          virtual
        </text>
      </svg>
    </figure>
  );
}
