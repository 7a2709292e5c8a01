import { expect, test } from 'vitest';
import { readImageHeader } from '../../../src/core/export/image-header';
import { toQ16 } from '../../../src/core/quant/scale';
import { utf8Bytes } from '../../../src/core/tokenizer/utf8';
import { compare, type ComparisonMessage } from '../../../src/extension/monitor/comparison';
import { WasmEngine } from '../../../src/node/wasm/engine';
import { goldenImage, goldenModels } from '../../golden/models';

const model = goldenModels.find(({ name }) => name === 'dim-2');
if (!model) throw new Error('no golden model');
const image = goldenImage(model);
const hash = readImageHeader(image)?.contentHash;

/** All messages of a comparison to the view. */
async function told(
  board: Parameters<typeof compare>[0],
  find: (asked: string) => Uint8Array | undefined = () => image,
): Promise<{ ids: number[]; why: string | undefined; asked: string[] }> {
  const messages: ComparisonMessage[] = [];
  const asked: string[] = [];
  await compare(
    board,
    { prompt: 'Once', tokens: 8, seed: 3, rank: true },
    async (contentHash) => {
      asked.push(contentHash);
      return find(contentHash);
    },
    (message) => messages.push(message),
    new AbortController().signal,
  );
  const ids = messages.flatMap((message) =>
    message.kind === 'host' ? message.tokens.map(({ id }) => id) : [],
  );
  return { ids, why: messages.find((message) => message.kind === 'noHost')?.why, asked };
}

const reported = (temperature: number) => ({
  model: hash,
  sampling: { temperature_q16: toQ16(temperature), top_k: 0, top_p_q16: 65_536 },
});

test("uses the board's defaults for fields that a request leaves out", async () => {
  const engine = await WasmEngine.open(image);
  for (const temperature of [0, 0.3, 3]) {
    const spoken = engine.generate({
      ...{ prompt: utf8Bytes('Once'), tokens: 8, seed: 3 },
      sampling: { temperature, top_k: 0, top_p: 1 },
    });
    const { ids, asked } = await told(reported(temperature));
    expect(ids).toEqual([...spoken].map(({ id }) => id));
    expect(asked).toEqual([hash]);
  }
});

test('reports why there is nothing to compare with', async () => {
  expect((await told({})).why).toContain('has not said which model');
  expect((await told(reported(0), () => undefined)).why).toContain(`${hash}`);
});
