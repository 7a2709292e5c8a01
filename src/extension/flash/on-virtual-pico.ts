import { basename, join } from 'node:path';
import { programWithModel } from '../../core/export/model-uf2';
import { readUf2 } from '../../core/export/uf2';
import { virtualPico } from '../../node/board/find/found-board';
import { waitForHello } from '../../node/board/session';
import { TransportBoard } from '../../node/board/transport-board';
import { StarmindError } from '../../node/starmind-error';
import { prepareFlash } from '../../node/flash/flash-run';
import type { Seen } from '../../node/flash/plan';
import { loadRun } from '../../node/run/export';
import { WindowPicoTransport } from '../boards/window-pico-transport';
import type { WindowPico } from '../virtual-pico/window-pico';
import { flashed, sizes, type Flashing } from './flashing';

/** Milliseconds for the answer of the program that is to be replaced. */
const inspectionTime = 5000;

/** Puts a model onto the window's virtual Pico; returns a sentence about the result. */
export async function onVirtualPico(flashing: Flashing): Promise<string> {
  const { boards, windowPico, run, modelOnly, signal, tell } = flashing;
  const link = boards.link(virtualPico.id);
  const { hello } = link;
  const seen = hello ? { hello } : await link.lend('flashing', () => inspectWindowPico(windowPico));
  signal.throwIfAborted();
  const prepared = await prepareFlash(run, anyFlash(seen), { modelOnly, signal, onLine: tell });
  if (prepared.flash === 'nothing') return prepared.reason;
  signal.throwIfAborted();
  tell('Starting the virtual Pico');
  const name = basename(run.path);
  const { program } = windowPico;
  await link.lend('flashing', async () => {
    if (prepared.flash === 'model' && program) {
      const { value = [] } = readUf2(program.uf2);
      const { image } = await loadRun(run);
      await windowPico.load({ ...program, name, uf2: programWithModel(value, image) });
    } else {
      const elf = join(run.build, 'starmind.elf');
      await windowPico.load({ name, uf2: prepared.uf2, ...(prepared.build && { elf }) });
    }
  });
  return `${flashed(run, prepared.flash)} on the virtual Pico.${sizes(prepared.build)}`;
}

/** The virtual Pico's flash grows with the program that is put there. */
function anyFlash(seen: Seen): Seen {
  if ('unknown' in seen) return seen;
  const { flash_bytes: _, ...hello } = seen.hello;
  return { hello };
}

/** The hello of the virtual Pico, when it runs this project's firmware. */
async function inspectWindowPico(windowPico: WindowPico): Promise<Seen> {
  await windowPico.on();
  const { power } = await windowPico.read();
  if (power !== 'running') return { unknown: 'The virtual Pico runs no program.' };
  const board = new TransportBoard(new WindowPicoTransport(windowPico));
  try {
    await board.open();
    return { hello: await waitForHello(board, inspectionTime) };
  } catch (error) {
    if (!(error instanceof StarmindError)) throw error;
    return { unknown: 'The virtual Pico runs another program.' };
  } finally {
    await board.close();
  }
}
