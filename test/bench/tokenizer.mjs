// Costs and results of the tokenizers, as JSON: `node test/bench/tokenizer.mjs [text file]`.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const outfile = `${root}/out/bench/tokenizer-parts.mjs`;
await build({
  stdin: {
    contents: `
      export { finish } from './src/core/turns';
      export { trainTokenizer } from './src/core/tokenizer/learn';
      export { Tokenizer } from './src/core/tokenizer/tokenizer';
      export { starterStories } from './src/core/starter/story';`,
    resolveDir: root,
  },
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
});
const { finish, trainTokenizer, Tokenizer, starterStories } = await import(pathToFileURL(outfile));

/** The result of some work, and its seconds. */
const timed = (work) => {
  const start = performance.now();
  const result = work();
  return [result, Number(((performance.now() - start) / 1000).toFixed(3))];
};
const encoder = new TextEncoder();

/** Documents to learn from, and their origin. */
function corpus(file) {
  if (file) {
    const stories = readFileSync(file, 'utf8').split('\n<|endoftext|>\n');
    return { texts: stories.map((story) => encoder.encode(story)), source: { file } };
  }
  const [stories, seconds] = timed(() => [...starterStories(1, 20e6)]);
  const words = new Set(stories.flatMap((story) => story.toLowerCase().match(/[a-z']+/g) ?? []));
  const source = { starter: { seconds, distinct_words: words.size } };
  return { texts: stories.map((story) => encoder.encode(story)), source };
}

const { texts, source } = corpus(process.argv[2]);
const bytes = texts.reduce((sum, text) => sum + text.length, 0);
const tokenizers = [
  ['byte', 258],
  ['char', 256],
  ['bpe', 256],
  ['bpe', 512],
  ['bpe', 1024],
  ['bpe', 2048],
].map(([type, vocab_size]) => {
  const [{ value: model }, learning_seconds] = timed(() => trainTokenizer(type, vocab_size, texts));
  const [ids, encoding_seconds] = timed(() => finish(new Tokenizer(model).encodeDocuments(texts)));
  return {
    type,
    vocab_size: model.tokens.length,
    bytes_per_token: Number((bytes / (ids.length - texts.length - 1)).toFixed(3)),
    learning_seconds,
    encoding_seconds,
  };
});
console.log(JSON.stringify({ source, bytes, tokenizers }, null, 2));
