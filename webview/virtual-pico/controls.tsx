import type { FromVirtualPico } from '../../src/core/wire/virtual-pico';
import { Button, Checkbox } from '../ui/toolkit';
import { isOn, type PicoState } from './state';

export interface ControlsProps {
  state: PicoState;
  post: (message: FromVirtualPico) => void;
}

/** The switches of the virtual Pico. */
export function Controls({ state: { reading, debugAddress }, post }: ControlsProps) {
  const on = isOn(reading);
  const isOff = reading?.power === 'off';
  return (
    <section class="controls" aria-label="Controls">
      <div class="buttons">
        <Button
          // Until the state is known, assume that the board is about to be on.
          appearance={isOff ? 'primary' : 'secondary'}
          disabled={!reading}
          title={isOff ? 'Give it power' : 'Take its power away'}
          onClick={() => post({ kind: 'power', on: isOff })}
        >
          {isOff ? 'Switch On' : 'Switch Off'}
        </Button>
        <Button
          disabled={!on}
          title="Restart the program"
          onClick={() => post({ kind: 'restart', bootsel: false })}
        >
          Reset
        </Button>
        <Button
          disabled={!on}
          title="Restart with the BOOTSEL button held: it becomes a USB drive"
          onClick={() => post({ kind: 'restart', bootsel: true })}
        >
          BOOTSEL
        </Button>
        <Button
          appearance={reading?.power === 'bootloader' ? 'primary' : 'secondary'}
          title="Bring a model onto it, with the program that runs it"
          onClick={() => post({ kind: 'flash' })}
        >
          Build & Flash
        </Button>
        <Button
          title="Put a program on it; a UF2 file may also be dropped here while Shift is held"
          onClick={() => post({ kind: 'choose' })}
        >
          Load UF2...
        </Button>
        <Button
          disabled={!on}
          title="Stop its program, step through it and look at its variables"
          onClick={() => post({ kind: 'startDebugging' })}
        >
          Debug
        </Button>
        <Button
          title="Watch what it says over its serial port"
          onClick={() => post({ kind: 'monitor' })}
        >
          Open Monitor
        </Button>
      </div>
      <div class="options">
        <Checkbox
          label="Real time: as fast as a real one and no faster"
          checked={reading?.paced ?? false}
          onChange={(paced) => post({ kind: 'pace', paced })}
        />
        <Checkbox
          label="Let debuggers attach"
          checked={debugAddress !== undefined}
          disabled={!on}
          onChange={(wanted) => post({ kind: 'debug', on: wanted })}
        />
        {debugAddress && (
          <p class="debugging">
            In GDB: <code>target remote {debugAddress}</code>
          </p>
        )}
      </div>
    </section>
  );
}
