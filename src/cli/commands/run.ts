import { tokensPerSecond } from '../../core/estimate/estimate';
import { describeLimits } from '../../core/estimate/limits';
import { loadModel, requireRun } from '../../node/run/folder';
import { speakOnBoard, type BoardRun } from '../../node/run/on-board';
import type { CommandContext } from '../context';
import { grouped, stacksUsed } from '../../core/text';
import { samplingFrom, type SpeakingOptions } from '../speaking';

/** `starmind run RUN --board BOARD`: generates on a board and streams the text. */
export async function runOnBoard(
  { output, signal }: CommandContext,
  path: string,
  options: SpeakingOptions & { board: string; paced?: boolean },
): Promise<void> {
  const run = requireRun(path);
  const { config } = await loadModel(run.model);
  const sampling = samplingFrom(options, config.target.sampling);
  const { prompt, tokens, seed } = options;
  let begun = false;
  const result = await speakOnBoard(run, {
    board: options.board,
    paced: options.paced,
    request: { prompt, tokens, seed, ...sampling },
    signal,
    onProgress: (line) => output.progress(line),
    onText: (text) => {
      if (!begun) output.stream(prompt);
      begun = true;
      output.stream(text);
    },
  });
  output.text('\n');
  const { max_seq_len } = config.architecture;
  const length = Math.min(Math.round(result.tokens.length / 2), max_seq_len);
  output.text(describeRun(result, tokensPerSecond(config, length)));
  output.result(result);
}

/**
 * Speed and memory of a run, in words.
 *
 * @param estimated tokens a second for a text of this length
 */
export function describeRun(result: BoardRun, estimated: number): string {
  const { tokens_per_second, cycles_per_token, emulated_mhz, emulated_mhz_settled } = result;
  const { memory, peak_stack, peak_second_stack } = result;
  const free = memory.free ?? 0;
  return [
    `${tokens_per_second.toFixed(1)} tokens/s${result.emulated ? ' (emulated)' : ''}, ${grouped(cycles_per_token)} cycles a token; ${estimated.toFixed(1)} tokens/s estimated for this length`,
    describeLimits(result.time),
    `SRAM: ${grouped(free)} bytes free; ${stacksUsed(peak_stack, peak_second_stack)} used`,
    ...(emulated_mhz === null || emulated_mhz_settled === null
      ? []
      : [
          `emulated at ${emulated_mhz.toFixed(1)} MHz; ${emulated_mhz_settled.toFixed(1)} MHz in the second half`,
        ]),
  ].join('\n');
}
