import { SerialBoard } from '../../src/node/board/serial-board';
import { chooseTarget } from '../../src/node/flash/choose-target';
import { flashBoard } from '../../src/node/flash/flash-board';
import type { BoardUnderTest } from './hil';

/**
 * A board at this computer. Each flashing looks for it again: after its boot loader it has a port
 * and a serial number.
 *
 * @param first the user's name for it; undefined for the only one there is
 */
export function plainBoard(
  first: string | undefined,
  onLine: (line: string) => void,
): BoardUnderTest {
  let port: string | undefined;
  let serialNumber: string | undefined;
  return {
    get place() {
      return { port, serialNumber };
    },
    async flash(uf2) {
      const report = await flashBoard(uf2, await chooseTarget(port ?? first), {
        onProgress: ({ message, fraction }) => {
          if (fraction === undefined) onLine(message);
        },
      });
      if (report.port === null) throw new Error('The board has not come back with a model.');
      port = report.port;
      const target = await chooseTarget(port);
      serialNumber = target.kind === 'bootloader' ? undefined : target.serialNumber;
    },
    async connect() {
      if (port === undefined) throw new Error('The board has not been flashed yet.');
      const board = new SerialBoard(port);
      await board.open();
      return board;
    },
  };
}
