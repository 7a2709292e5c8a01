// Compiles the C rooms to WebAssembly with the clang that npm provides, so that no system compiler
// is needed. A module is rebuilt when the hash of its sources, headers and flags changes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';

const common = ['-std=c11', '-O3', '-nostdlib', '-Wall', '-Wextra', '-Werror', '-Wl,--no-entry'];
const threads = [
  '-matomics',
  '-mbulk-memory',
  '-Wl,--import-memory,--shared-memory,--max-memory=2147483648',
  '-Wl,--export=__stack_pointer',
];

/** The one file that the trainer shares with the engine. */
const headers = ['firmware/engine/ngram_hash.h'];

/** Output in dist/wasm -> its sources and flags. */
const modules = {
  'train.wasm': {
    folders: ['src/train-kernels'],
    headers,
    flags: [...threads, '-msimd128', '-fno-builtin-logf', '-Ifirmware/engine'],
  },
  'train-relaxed.wasm': {
    folders: ['src/train-kernels'],
    headers,
    flags: [...threads, '-msimd128', '-mrelaxed-simd', '-fno-builtin-logf', '-Ifirmware/engine'],
  },
  'engine.wasm': {
    folders: ['firmware/engine', 'firmware/port/wasm'],
    flags: ['-Ifirmware/engine', '-mbulk-memory', '-msimd128', '-Wl,--export-memory'],
  },
};

function listFiles(root, folders) {
  const patterns = folders.map((folder) => `${folder}/**/*.{c,h}`);
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
}

async function compile(root, files, flags) {
  const { runClang, runLLVM } = await import('@yowasp/clang');
  // Unpacks the compiler in silence; runClang would report it on standard output.
  await runLLVM(null, {}, { fetchProgress: () => {} });
  const tree = {};
  for (const file of files) {
    let folder = tree;
    const parts = file.split('/');
    for (const part of parts.slice(0, -1)) folder = folder[part] ??= {};
    folder[parts.at(-1)] = readFileSync(join(root, file), 'utf8');
  }
  const sources = files.filter((file) => file.endsWith('.c'));
  const print = (bytes) => bytes && process.stderr.write(bytes);
  const output = await runClang(
    ['clang', ...common, ...flags, ...sources, '-o', 'out.wasm'],
    tree,
    {
      stdout: print,
      stderr: print,
    },
  ).catch(() => {
    // Its error holds every source; what the compiler said is printed.
    throw new Error('The compiler refuses the sources; its messages stand above.');
  });
  return output['out.wasm'];
}

export async function buildWasmModules(root) {
  for (const [name, { folders, headers = [], flags }] of Object.entries(modules)) {
    const files = [...listFiles(root, folders), ...headers];
    if (!files.some((file) => file.endsWith('.c'))) continue;
    const hash = createHash('sha256').update(JSON.stringify([common, flags]));
    for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
    const stamp = hash.digest('hex');
    const target = join(root, 'dist/wasm', name);
    const stampFile = `${target}.hash`;
    if (existsSync(target) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, await compile(root, files, flags));
    writeFileSync(stampFile, stamp);
  }
}
