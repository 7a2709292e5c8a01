import { describe, expect, it } from 'vitest';
import { arenaBytes } from '../../../src/core/estimate/arena';
import { utf8Bytes } from '../../../src/core/tokenizer/utf8';
import { toQ16 } from '../../../src/core/quant/scale';
import { WasmEngine } from '../../../src/node/wasm/engine';
import { goldenImage, goldenModels, goldenRequest, type GoldenModel } from '../../golden/models';
import { expectGolden } from '../../support/golden';

/** First line: arguments of the host engine after the image; then a line a token: id and CRC-32. */
function goldenText(model: GoldenModel, engine: WasmEngine): string {
  const { prompt, tokens, seed, sampling } = goldenRequest(model);
  const { temperature, top_k, top_p } = sampling;
  const lines = [`${toQ16(temperature)} ${top_k} ${toQ16(top_p)} ${seed} ${tokens} "${prompt}"`];
  for (const token of engine.generate({ prompt: utf8Bytes(prompt), tokens, seed, sampling })) {
    lines.push(`${token.id} ${token.logitsCrc32.toString(16).padStart(8, '0')}`);
  }
  return `${lines.join('\n')}\n`;
}

describe.each(goldenModels)('golden model $name', (model) => {
  it('generates the recorded tokens in the WASM engine', async () => {
    const engine = await WasmEngine.open(goldenImage(model));
    expectGolden(`engine/${model.name}.txt`, goldenText(model, engine));
  });

  it('needs the arena that the estimate computes', async () => {
    const engine = await WasmEngine.open(goldenImage(model));
    expect(arenaBytes(model).total).toBe(engine.arenaBytes);
  });
});
