import { findBoards } from '../../node/board/find/find-boards';
import type { FoundBoard } from '../../node/board/find/found-board';
import type { CommandContext } from '../context';
import { table } from '../output';

const kinds: Record<FoundBoard['kind'], string> = {
  virtual: 'emulated',
  serial: 'running',
  bootloader: 'boot loader',
  probe: 'debug probe',
  port: 'serial port',
};

/** `starmind boards`: every board at this computer, and the virtual one. */
export async function boards({ output }: CommandContext): Promise<void> {
  const { boards: found, problems } = await findBoards();
  output.text(
    table([
      ['board', 'is', 'where', 'id'],
      ...found.map((board) => [board.label, kinds[board.kind], board.detail ?? '', board.id]),
    ]),
  );
  for (const { message, remedy } of problems) output.note(`${message} ${remedy}`);
  output.result({
    boards: found.map((board) => ({
      id: board.id,
      kind: board.kind,
      label: board.label,
      port: 'port' in board ? board.port : null,
      volume: board.kind === 'bootloader' ? (board.volume.path ?? null) : null,
    })),
    problems: problems.map(({ code, message }) => ({ code, message })),
  });
}
