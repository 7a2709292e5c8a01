import { chip } from '../../src/core/chip';
import { fileSize, grouped } from '../../src/core/text';
import type { CoreReading } from '../../src/core/wire/virtual-pico';
import { Meter } from '../ui/meter';
import type { PicoState } from './state';
import { stackOf } from './stack';

/** Share of time that a core must work for the speed of the emulation to be measurable. */
const leastLoad = 0.1;

/** Meters of clock, load and memory. */
export function Meters({ state: { reading, memory } }: { state: PicoState }) {
  if (!reading) return null;
  const { clock_mhz, recent_mhz, cores, emulated_seconds, flash_waits, cycles } = reading;
  const isBusy = reading.power === 'running' && cores.some(({ load }) => load >= leastLoad);
  const hasProgram = reading.power !== 'off' && reading.power !== 'bootloader';
  const ratio = clock_mhz > 0 ? recent_mhz / clock_mhz : 0;
  return (
    <section class="meters" aria-label="Instruments">
      <dl>
        <div>
          <dt>Clock</dt>
          <dd>{clock_mhz.toFixed(0)} MHz</dd>
        </div>
        <div>
          <dt>Emulated</dt>
          <dd data-testid="emulated">
            {isBusy
              ? `${recent_mhz.toFixed(0)} MHz when busy, ${ratio.toFixed(1)} times real time`
              : 'at rest'}
          </dd>
        </div>
        <div>
          <dt>Running for</dt>
          <dd>
            {emulated_seconds.toFixed(1)} s, {grouped(Math.round(cycles))} cycles
          </dd>
        </div>
        <div>
          <dt>Waits for flash</dt>
          <dd>{grouped(flash_waits)}</dd>
        </div>
      </dl>
      {cores.map((core, number) => (
        <CoreMeters key={number} number={number} core={core} hasProgram={hasProgram} />
      ))}
      <MemoryMeter memory={memory} written={reading.sram_written} />
    </section>
  );
}

interface CoreMetersProps {
  number: number;
  core: CoreReading;
  /** Only a program has a stack there: the boot loader has none of its own. */
  hasProgram: boolean;
}

function CoreMeters({ number, core, hasProgram }: CoreMetersProps) {
  const stack = hasProgram ? stackOf(core) : undefined;
  const percent = Math.round(100 * core.load);
  return (
    <>
      <Meter
        label={`Core ${number}`}
        share={core.load}
        text={percent === 0 ? 'asleep' : `${percent} % busy`}
      />
      {stack && (
        <Meter
          label={`Stack of core ${number}`}
          share={stack.most / stack.size}
          text={`${grouped(stack.now)} of ${grouped(stack.size)} bytes, ${grouped(stack.most)} written`}
        />
      )}
    </>
  );
}

interface MemoryMeterProps {
  /** What the program reports about it; only this project's firmware does. */
  memory: PicoState['memory'];
  /** Bytes that the program has written to. */
  written: number;
}

function MemoryMeter({ memory, written }: MemoryMeterProps) {
  if (!memory) {
    return (
      <Meter
        label="SRAM"
        share={written / chip.sramBytes}
        text={`${grouped(written)} of ${grouped(chip.sramBytes)} bytes are not zero`}
      />
    );
  }
  const { free = 0, pool: _, ...parts } = memory;
  const used = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  const list = Object.entries(parts).map(([part, bytes]) => `${part} ${fileSize(bytes)}`);
  return (
    <Meter
      label="SRAM"
      share={used / (used + free)}
      text={`${grouped(used)} of ${grouped(used + free)} bytes`}
      detail={`${list.join(', ')}; ${fileSize(written)} are not zero`}
    />
  );
}
