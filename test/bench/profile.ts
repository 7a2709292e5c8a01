/**
 * `node test/bench/run.mjs profile -- --preset NAME [--weights FORMAT] [--cache FORMAT]
 * [--context N] [--layers N] [--cores 1|2] [--function NAME]`: lets an untrained model fill its context on the virtual Pico, whose
 * instructions are all interpreted, and prints the cycles of a token by function and core, with those
 * in which a core waits for the other or for USB. Kernels' copies for the second core have their
 * names. With --function, by the addresses of that function.
 */
import { parseArgs } from 'node:util';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { findPreset } from '../../src/core/model/presets';
import { Symbols } from '../../src/core/export/symbols';
import type { ElfFile } from '../../src/core/export/elf';
import { formatGenerate } from '../../src/core/wire/commands';
import { Machine } from '../../src/emulator/machine';
import { buildFirmware } from '../../src/node/build/build-firmware';
import { loadElf } from '../../src/node/build/read-elf';
import { firmwareInput } from '../../src/node/run/build-run';
import { untrainedImage } from '../../src/node/run/untrained-image';
import { flashOfElf } from '../support/two-cores';

const { values: options } = parseArgs({
  options: {
    preset: { type: 'string', default: 'story-260k' },
    weights: { type: 'string' },
    cache: { type: 'string' },
    context: { type: 'string' },
    cores: { type: 'string', default: '2' },
    layers: { type: 'string' },
    function: { type: 'string' },
  },
});

/** Cycles between looks at the output. */
const piece = 20_000;
/** Until the board must be ready, and until it must have spoken. */
const longest = 4_000_000_000;

/** Requests at the most, until one fills the context. */
const mostSeeds = 200;

/** What the profile needs of the record that ends a generation. */
interface Done {
  tokens: number;
}

function chosenConfig() {
  const preset = findPreset(options.preset);
  if (!preset) throw new Error(`There is no preset ${options.preset}.`);
  const { architecture, quantization } = preset.file;
  const file = {
    version: 1,
    architecture: {
      ...architecture,
      ...(options.context ? { max_seq_len: Number(options.context) } : {}),
      ...(options.layers ? { n_layers: Number(options.layers) } : {}),
    },
    quantization: {
      ...quantization,
      ...(options.weights ? { weights: options.weights } : {}),
      ...(options.cache ? { kv_cache: options.cache } : {}),
    },
    target: { cores: Number(options.cores) },
  } as ModelFile;
  return withDefaults(file, 'profile');
}

/** Names of the functions of a program, and of the second core's copies of some. */
function namesOf(elf: ElfFile): (address: number) => string {
  const symbols = new Symbols(elf.symbols.filter(({ name }) => !/_(begin|end|jump)$/.test(name)));
  const place = (name: string) => elf.symbols.find((symbol) => symbol.name === name)?.address ?? 0;
  const copies: { from: number; to: number; name: string }[] = [];
  let next = place('starmind_second_stack');
  for (const name of copied) {
    const bytes = place(`${name}_end`) - place(`${name}_begin`);
    copies.push({ from: next, to: next + bytes, name });
    next += bytes;
  }
  return (address) =>
    copies.find(({ from, to }) => address >= from && address < to)?.name ??
    symbols.nameOf(address)?.replace(/\+0x.*/, '') ??
    `0x${address.toString(16)}`;
}

/** As firmware/app/second_core_code.c orders them. */
const copied = [
  ...['sm_kernel_int8_multiply', 'sm_kernel_int4_multiply', 'sm_kernel_ternary_multiply'],
  ...['sm_attention_int8_scores', 'sm_attention_int8_values'],
];

async function main(): Promise<void> {
  const config = chosenConfig();
  const image = untrainedImage(config.architecture, config.quantization);
  const { elf } = await buildFirmware(firmwareInput({ config, image }), {
    board: 'pico',
    outFolder: 'out/profile',
  });
  let text = '';
  const machine = new Machine(
    await flashOfElf(elf),
    {
      onOutput: (bytes) => (text += Buffer.from(bytes).toString()),
      onEvent: (event) => {
        throw new Error(JSON.stringify(event));
      },
    },
    { translates: false },
  );
  const until = (found: RegExp) => {
    const end = machine.clock.cycles + longest;
    while (!found.test(text)) {
      if (machine.clock.cycles > end) throw new Error(`The board says nothing like ${found}.`);
      machine.run(piece);
    }
  };
  until(/"hello".*\n/);
  const cycles = machine.cores.map((core) => {
    const found = new Map<number, number>();
    const step = core.step.bind(core);
    core.step = () => {
      const address = core.PC;
      const taken = step();
      found.set(address, (found.get(address) ?? 0) + taken);
      return taken;
    };
    return found;
  });
  const { max_seq_len } = config.architecture;
  let done: Done = { tokens: 0 };
  let whole = 0;
  // An untrained model may end its text early: another seed lets it speak longer.
  for (let seed = 1; done.tokens < max_seq_len - 2 && seed <= mostSeeds; seed++) {
    cycles.forEach((found) => found.clear());
    text = '';
    const before = machine.clock.cycles;
    const prompt = String.fromCharCode(65 + (seed % 58));
    const request = { prompt, tokens: max_seq_len, seed };
    machine.write(Buffer.from(`${formatGenerate(request)}\n`));
    until(/"done".*\n/);
    done = JSON.parse(/\{"record":"done".*\}/.exec(text)?.[0] ?? '{}') as Done;
    whole = Math.round((machine.clock.cycles - before) / done.tokens);
  }
  const nameOf = namesOf(await loadElf(elf));
  if (options.function) {
    const name = options.function;
    const perAddress = cycles.map((found) =>
      [...found]
        .filter(([address]) => nameOf(address) === name)
        .sort((a, b) => a[0] - b[0])
        .map(([address, taken]) => [address.toString(16), Math.round(taken / done.tokens)]),
    );
    console.log(JSON.stringify(perAddress));
    return;
  }
  const report = cycles.map((found) => {
    const sums = new Map<string, number>();
    for (const [address, taken] of found) {
      const name = nameOf(address);
      sums.set(name, (sums.get(name) ?? 0) + taken / done.tokens);
    }
    const sorted = [...sums].sort((a, b) => b[1] - a[1]).filter(([, taken]) => taken >= 1);
    return Object.fromEntries(sorted.map(([name, taken]) => [name, Math.round(taken)]));
  });
  console.log(JSON.stringify({ done, cycles_with_output: whole, cores: report }, null, 2));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
