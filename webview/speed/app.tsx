import { useEffect, useReducer } from 'preact/hooks';
import type { FromSpeedPage, ToSpeedPage } from '../../src/core/bench/speed-messages';
import type { Host } from '../ui/host';
import { Button } from '../ui/toolkit';
import { Report } from './report';
import { received, stateFrom } from './state';

/** The speed of a model: where the cycles of its tokens go. */
export function App({ host }: { host: Host<ToSpeedPage, FromSpeedPage> }) {
  const [state, receive] = useReducer(received, host.kept(), stateFrom);
  useEffect(() => {
    const stop = host.listen(receive);
    host.post({ kind: 'ready' });
    return stop;
  }, [host]);
  const { measurement, running, failure } = state;
  useEffect(() => {
    if (measurement) host.keep({ measurement });
  }, [host, measurement]);
  return (
    <div class="speed">
      <header>
        <h1>Speed</h1>
        {running ? (
          <Button onClick={() => host.post({ kind: 'cancel' })}>Cancel</Button>
        ) : (
          <Button onClick={() => host.post({ kind: 'measure' })}>
            {measurement ? 'Measure Again' : 'Measure'}
          </Button>
        )}
        <span class="running" role="status">
          {running && `Measuring ${running.title}: ${running.step}`}
        </span>
      </header>
      {failure !== undefined && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      {measurement && <Report measurement={measurement} />}
      {!measurement && !running && failure === undefined && (
        <p class="hint">Nothing has been measured. The virtual Pico takes a minute or two.</p>
      )}
    </div>
  );
}
