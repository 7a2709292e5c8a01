// Writes src/core/model/boards.json, the boards of the pico-sdk with the size of their flash, from
// the headers of an SDK: node src/build/board-table.mjs SDK. A test holds the table to them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const flashSize = /^\s*#define PICO_FLASH_SIZE_BYTES \((\d+) \* 1024 \* 1024\)/m;
const platform = /^\/\/ pico_cmake_set PICO_PLATFORM\s*=\s*(\S+)/m;
const included = /^#include "boards\/(\w+)\.h"/m;

/** Bytes of flash by board of an RP2040, and the names of boards with another chip. */
export function boardTable(sdk) {
  const folder = join(sdk, 'src/boards/include/boards');
  const textOf = (name) => readFileSync(join(folder, `${name}.h`), 'utf8');
  /** The first match in a header, or in the one on which it builds. */
  const find = (name, pattern) => {
    const text = textOf(name);
    const base = included.exec(text)?.[1];
    return pattern.exec(text)?.[1] ?? (base === undefined ? undefined : find(base, pattern));
  };
  const names = readdirSync(folder).flatMap((file) =>
    file.endsWith('.h') ? [file.slice(0, -2)] : [],
  );
  const flash_bytes = {};
  const other_chips = [];
  for (const name of names.sort()) {
    const megabytes = find(name, flashSize);
    if (/^rp2350/.test(find(name, platform) ?? '')) other_chips.push(name);
    // "none" has no flash of its own.
    else if (megabytes !== undefined) flash_bytes[name] = Number(megabytes) * 1024 * 1024;
  }
  return { generator: 'node src/build/board-table.mjs SDK', flash_bytes, other_chips };
}

const target = fileURLToPath(new URL('../core/model/boards.json', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [sdk] = process.argv.slice(2);
  if (sdk === undefined) throw new Error('Give the folder of a pico-sdk.');
  writeFileSync(target, `${JSON.stringify(boardTable(sdk), null, 2)}\n`);
}
