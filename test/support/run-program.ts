import { join } from 'node:path';
import { Machine } from '../../src/emulator/machine';
import { packageRoot } from '../../src/node/assets';
import { buildFirmware } from '../../src/node/build/build-firmware';
import type { FirmwareInput } from '../../src/node/build/model-folder';
import { flashOfElf } from './two-cores';

/** An input for programs without a model. */
export const noModel: FirmwareInput = {
  image: new Uint8Array(256),
  buffers: { arenaBytes: 4, weightsBytes: 0 },
  clockMhz: 125,
  cores: 1,
};

/**
 * Builds a program of test/firmware and runs it on the virtual Pico. Returns its lines, up to PASS or
 * FAIL.
 *
 * @param millionCycles after which it is stopped
 */
export async function runProgram(
  name: string,
  input: FirmwareInput,
  millionCycles: number,
): Promise<string[]> {
  const { elf } = await buildFirmware(input, {
    board: 'pico',
    outFolder: join(packageRoot(), 'out', name),
    source: join(packageRoot(), 'test', 'firmware', name),
  });
  let text = '';
  const machine = new Machine(await flashOfElf(elf), {
    onOutput: (bytes) => (text += Buffer.from(bytes).toString()),
    onEvent: (event) => {
      text += `${JSON.stringify(event)}\r\nFAIL\r\n`;
    },
  });
  const ended = () => /^(PASS|FAIL.*)\r\n/m.test(text.slice(-200));
  for (let piece = 0; piece < millionCycles && !ended(); piece++) machine.run(1_000_000);
  return text.split('\r\n').filter((line) => line !== '');
}

/** The records among the lines of a program, one of JSON each, which begin so. */
export const recordsOf = <T>(lines: readonly string[], start: string): T[] =>
  lines.filter((line) => line.startsWith(start)).map((line) => JSON.parse(line) as T);
