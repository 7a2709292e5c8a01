// What the tokenizers cost and achieve: `node test/bench/tokenizer.mjs [text file]`.
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

const timed = (work) => {
  const start = performance.now();
  const result = work();
  return [result, ((performance.now() - start) / 1000).toFixed(2)];
};
const encoder = new TextEncoder();

function documents(file) {
  if (file) {
    const stories = readFileSync(file, 'utf8').split('\n<|endoftext|>\n');
    return stories.map((story) => encoder.encode(story));
  }
  const [stories, seconds] = timed(() => [...starterStories(1, 20e6)]);
  const words = new Set(stories.flatMap((story) => story.toLowerCase().match(/[a-z']+/g) ?? []));
  console.log(`starter corpus: 20 MB in ${seconds} s; ${words.size} distinct words`);
  return stories.map((story) => encoder.encode(story));
}

const texts = documents(process.argv[2]);
const bytes = texts.reduce((sum, text) => sum + text.length, 0);
for (const [type, size] of [
  ['byte', 258],
  ['char', 256],
  ['bpe', 256],
  ['bpe', 512],
  ['bpe', 1024],
  ['bpe', 2048],
]) {
  const [{ value: model }, learning] = timed(() => trainTokenizer(type, size, texts));
  const [ids, encoding] = timed(() => finish(new Tokenizer(model).encodeDocuments(texts)));
  const perToken = (bytes / (ids.length - texts.length - 1)).toFixed(3);
  console.log(
    `${type} ${size}: ${model.tokens.length} ids, ${perToken} bytes/token, learnt in ${learning} s, ${bytes} bytes encoded in ${encoding} s`,
  );
}
