import { buf as crc32 } from 'crc-32';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../../src/core/tokenizer/utf8';
import { WasmEngine } from '../../../src/node/wasm/engine';
import { goldenImage, goldenModels, goldenRequest } from '../../golden/models';

const sliding = goldenModels.filter(({ target }) => target?.when_full === 'slide');

/** Its id in tokenizers made here. */
const endOfText = 0;

/** What stays of a full context: its first tokens, and the newer half of the others. */
function slid(window: readonly number[]): number[] {
  const sinks = Math.min(4, Math.floor(window.length / 8));
  const dropped = Math.ceil((window.length - sinks) / 2);
  return [...window.slice(0, sinks), ...window.slice(sinks + dropped)];
}

describe.each(sliding)('the context of golden model $name', (model) => {
  const { vocab_size, max_seq_len } = model.architecture;
  const { prompt, tokens, seed, sampling } = goldenRequest(model);

  it('slides as if each text had begun with the tokens that stay', async () => {
    const engine = await WasmEngine.open(goldenImage(model));
    const text = utf8Bytes(prompt);
    const spoken = [...engine.generate({ prompt: text, tokens, seed, sampling })];

    const anew = await WasmEngine.open(goldenImage(model));
    const known = [endOfText, ...anew.encode(text), ...spoken.map(({ id }) => id)];
    let window: number[] = [];
    let [crc, slides] = [0, 0];
    const crcs = known.map((token) => {
      if (window.length === max_seq_len) {
        window = slid(window);
        slides++;
      }
      window.push(token);
      let logits = new Int32Array();
      window.forEach((id, position) => (logits = anew.forward(id, position, vocab_size).slice()));
      crc = crc32(new Uint8Array(logits.buffer), crc);
      return crc >>> 0;
    });
    expect(slides).toBeGreaterThan(2);
    const first = known.length - spoken.length - 1;
    const reported = spoken.map(({ logitsCrc32 }) => logitsCrc32);
    expect(crcs.slice(first, first + spoken.length)).toEqual(reported);
  });
});

it('a context of two or three tokens slides too', async () => {
  for (const max_seq_len of [1, 2, 3]) {
    const [model] = sliding;
    if (!model) throw new Error('No golden model slides.');
    const architecture = { ...model.architecture, max_seq_len };
    const engine = await WasmEngine.open(goldenImage({ ...model, architecture }));
    const options = { prompt: new Uint8Array(), tokens: 12, seed: 1 };
    const { sampling } = goldenRequest(model);
    expect([...engine.generate({ ...options, sampling })].length).toBeGreaterThan(max_seq_len);
  }
});
