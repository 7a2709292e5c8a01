import { useEffect, useReducer } from 'preact/hooks';
import {
  emptyFlash,
  type FromVirtualPico,
  type ToVirtualPico,
} from '../../src/core/wire/virtual-pico';
import type { Host } from '../ui/host';
import { BoardPicture } from './board-picture';
import { Controls } from './controls';
import { DropZone } from './drop-zone';
import { Meters } from './meters';
import { powerNames } from './power-names';
import { received, type PicoState } from './state';

const nothingYet: PicoState = {};

/** The virtual Pico: its picture, its switches and its meters. */
export function App({ host }: { host: Host<ToVirtualPico, FromVirtualPico> }) {
  const [state, receive] = useReducer(received, nothingYet);
  useEffect(() => {
    const stop = host.listen(receive);
    host.post({ kind: 'ready' });
    return stop;
  }, [host]);
  const { reading, notice } = state;
  const power = reading?.power;
  const post = (message: FromVirtualPico) => host.post(message);
  return (
    <DropZone onFile={(name, bytes) => post({ kind: 'program', name, bytes })}>
      <header>
        <h1>Virtual Pico</h1>
        <span class={`power ${power ?? 'starting'}`} role="status">
          {power ? powerNames[power] : 'Starting'}
        </span>
        <span class="program">{programText(state)}</span>
      </header>
      {notice && (
        <p class="notice" role="alert">
          {notice}
        </p>
      )}
      <div class="bench">
        <BoardPicture
          reading={reading}
          onBootsel={() => post({ kind: 'restart', bootsel: true })}
        />
        <div class="panel">
          <Controls state={state} post={post} />
          <Meters state={state} />
        </div>
      </div>
    </DropZone>
  );
}

/** Describes the program in flash; empty while it is unknown, or when a notice names it already. */
function programText({ reading, program, notice }: PicoState): string {
  if (program !== undefined) return `In flash: ${program}`;
  return reading && notice === undefined ? emptyFlash : '';
}
