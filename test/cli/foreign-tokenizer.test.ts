import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readImageHeader } from '../../src/core/export/image-header';
import { bytesToUnicode } from '../../src/core/tokenizer/byte-unicode';
import { jsonOf, modelFile, smallModel, starmind } from './starmind';

/** A byte-level BPE whose end of text is token 3, and whose token 0 and 1 are ordinary bytes. */
function tokenizerFile(): string {
  const names = Array.from({ length: 256 }, (_, byte) => bytesToUnicode(Uint8Array.of(byte)));
  names.splice(3, 0, '</s>');
  // The commonest bytes of the text get the ids that special tokens of other files have.
  const toFront = ['\u0120', 'e'];
  const ordered = [...toFront, ...names.filter((name) => !toFront.includes(name))];
  const vocab = Object.fromEntries([...ordered, '\u0120t', 'he'].map((name, id) => [name, id]));
  return JSON.stringify({
    added_tokens: [{ id: vocab['</s>'], content: '</s>', special: true }],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    model: { type: 'BPE', vocab, merges: ['\u0120 t', 'h e'] },
  });
}

const model = {
  ...smallModel,
  architecture: { ...smallModel.architecture, vocab_size: 259 },
  tokenizer: { path: 'foreign.json' },
  data: { source: 'text.txt', validation_file: 'text.txt' },
};
const text = 'the hen ate the seeds!\n'.repeat(40);

it('training, measuring, resuming and a new device image agree on a foreign tokenizer', async () => {
  const file = modelFile(model, { 'foreign.json': tokenizerFile(), 'text.txt': text });
  const train = async (...options: string[]) =>
    jsonOf(await starmind(['train', file, '--json', ...options]));
  const trained = await train();
  const run = String(trained.run);
  const measured = (of: Record<string, unknown>) => of.bits_per_byte as Record<string, number>;
  const evaluate = ['eval', run, '--text', join(dirname(file), 'text.txt'), '--json'];
  const evaluated = jsonOf(await starmind(evaluate));
  expect(measured(evaluated).float).toBeCloseTo(measured(trained).float!, 6);

  const image = readFileSync(join(run, 'model.img'));
  const speak = ['generate', run, '--prompt', 'the ', '--tokens', '20', '--json'];
  const spoken = jsonOf(await starmind(speak));
  rmSync(join(run, 'model.img'));
  expect(jsonOf(await starmind(speak))).toEqual(spoken);
  expect(jsonOf(await starmind(evaluate))).toEqual(evaluated);
  const resumed = await train('--resume', '--steps', '31');
  expect(measured(resumed).float).toBeLessThan(measured(trained).float! + 0.2);
  const resumedImage = readFileSync(join(run, 'model.img'));
  const { tokenizerHash } = readImageHeader(image)!;
  expect(readImageHeader(resumedImage)).toMatchObject({ tokenizerHash });
  expect(resumedImage.equals(image)).toBe(false);
  const spokenAgain = jsonOf(await starmind(speak));
  rmSync(join(run, 'model.img'));
  expect(jsonOf(await starmind(speak))).toEqual(spokenAgain);
  await train('--resume', '--steps', '31');
  expect(readFileSync(join(run, 'model.img')).equals(resumedImage)).toBe(true);
});

it('eval takes valid UTF-8 as such, and other text by the encoding of the run', async () => {
  const german = 'die V\u00f6gel sangen sch\u00f6n\n'.repeat(60);
  const file = modelFile(
    { ...smallModel, data: { source: 'latin.txt', encoding: 'CP1252' } },
    { 'latin.txt': Buffer.from(german, 'latin1'), 'utf8.txt': german },
  );
  const run = String(jsonOf(await starmind(['train', file, '--json'])).run);
  const measure = async (name: string) =>
    jsonOf(await starmind(['eval', run, '--text', join(dirname(file), name), '--json']));
  const evaluated = await measure('latin.txt');
  expect(evaluated.problems).toEqual([]);
  expect(await measure('utf8.txt')).toEqual(evaluated);
});

it('train and estimate warn about parts of a tokenizer that have no effect', async () => {
  const file = modelFile(model, { 'foreign.json': tokenizerFile(), 'text.txt': text });
  for (const command of [
    ['train', file, '--steps', '1', '--json'],
    ['estimate', file, '--json'],
  ]) {
    const outcome = await starmind(command);
    expect(outcome.status).toBe(0);
    expect(outcome.stderr).toContain('The normaliser of the file (Lowercase) is not applied');
    const codes = (jsonOf(outcome).problems as { code: string }[]).map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining(['tokenizer.normalizer', 'tokenizer.other-pieces']),
    );
  }
});
