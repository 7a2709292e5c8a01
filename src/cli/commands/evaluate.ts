import { evaluateRun } from '../../node/run/evaluate';
import { describeProblem, requireRun } from '../../node/run/folder';
import type { CommandContext } from '../context';
import { grouped } from '../../core/text';

/** `starmind eval RUN --text FILE`. */
export async function evaluate(
  { output, signal }: CommandContext,
  run: string,
  options: { text: string },
): Promise<void> {
  const result = await evaluateRun(requireRun(run), options.text, {
    signal,
    onProgress: (line) => output.progress(line),
    onProblem: (problem) => output.warning(describeProblem(problem)),
  });
  const { float, device } = result.bits_per_byte;
  output.text(`${grouped(result.bytes)} bytes, ${grouped(result.tokens)} tokens`);
  output.text(`float   ${float.toFixed(4)} bits per byte`);
  output.text(
    `device  ${device.toFixed(4)} bits per byte (${(100 * (device / float - 1)).toFixed(2)} %)`,
  );
  if (result.unknown_bytes > 0) {
    output.text(`${grouped(result.unknown_bytes)} bytes are outside the tokenizer's alphabet.`);
  }
  output.result(result);
}
