import { loadRun } from '../../node/run/export';
import { requireRun } from '../../node/run/folder';
import { Pace } from '../../node/turns';
import { WasmEngine } from '../../node/wasm/engine';
import type { CommandContext } from '../context';
import { samplingFrom, type SpeakingOptions } from '../speaking';

/** `starmind generate RUN`: generates on this computer with the engine of the device. */
export async function generate(
  { output, signal }: CommandContext,
  run: string,
  options: SpeakingOptions,
): Promise<void> {
  const { config, image } = await loadRun(requireRun(run));
  const engine = await WasmEngine.open(image);
  const spoken = engine.generate({
    prompt: Buffer.from(options.prompt),
    tokens: options.tokens,
    sampling: samplingFrom(options, config.target.sampling),
    seed: options.seed,
  });
  // Tokens may end inside a character; the decoder waits for the rest.
  const decoder = new TextDecoder();
  const tokens: number[] = [];
  let text = '';
  let begun = false;
  // A prompt that the engine refuses is not printed.
  const begin = (): void => {
    if (!begun) output.stream(options.prompt);
    begun = true;
  };
  const pace = new Pace();
  for (const token of spoken) {
    await pace.pause(signal);
    begin();
    tokens.push(token.id);
    const piece = decoder.decode(token.bytes, { stream: true });
    text += piece;
    output.stream(piece);
  }
  begin();
  const rest = decoder.decode();
  text += rest;
  output.stream(rest);
  output.text();
  output.result({ tokens, text });
}
