import { SerialBoard } from '../../src/node/board/serial-board';
import { flashBoard } from '../../src/node/flash/flash-board';
import type { FlashTarget } from '../../src/node/flash/job';
import type { BoardUnderTest } from './hil';

/** A board at this computer: its port after a flashing may have another name than before. */
export function plainBoard(first: FlashTarget, onLine: (line: string) => void): BoardUnderTest {
  let target = first;
  return {
    async flash(uf2) {
      const { port } = await flashBoard(uf2, target, {
        onProgress: ({ message, fraction }) => {
          if (fraction === undefined) onLine(message);
        },
      });
      if (port === null) throw new Error('The board has not come back with a model.');
      const known = target.kind === 'serial' ? target : undefined;
      target = { ...known, kind: 'serial', id: port, label: 'Pico', port };
    },
    async connect() {
      if (target.kind !== 'serial') throw new Error('The board has not been flashed yet.');
      const board = new SerialBoard(target.port);
      await board.open();
      return board;
    },
  };
}
