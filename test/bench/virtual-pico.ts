/**
 * `node test/bench/run.mjs virtual-pico`: how fast the virtual Pico emulates firmware that
 * generates on both cores at full load, against interpreting it, in one run; and how much two cores
 * gain over one, which checks the model of their shared memory. Prints JSON.
 */
import { Machine } from '../../src/emulator/machine';
import { buildTwoCores } from '../support/two-cores';

const megacycle = 1e6;
/** The program's checks are done by then, and its code translated. */
const settledAfter = 150 * megacycle;
const translatedCycles = 1000 * megacycle;
const interpretedCycles = 60 * megacycle;

interface Speed {
  /** Cycles of the chip's clock in a second here, in millions; both cores run all the time. */
  mhz: number;
  /** Share of the time that each core ran. */
  load: number[];
}

function measure(machine: Machine, cycles: number): Speed {
  const before = machine.cores.map(({ idleCycles }) => idleCycles);
  const start = machine.clock.cycles;
  const began = performance.now();
  machine.run(cycles);
  const seconds = (performance.now() - began) / 1000;
  const passed = machine.clock.cycles - start;
  const load = machine.cores.map(
    ({ idleCycles }, core) => 1 - (idleCycles - (before[core] ?? 0)) / passed,
  );
  return { mhz: passed / seconds / megacycle, load };
}

async function main(): Promise<void> {
  const { flash } = await buildTwoCores();
  let text = '';
  const listener = {
    onOutput: (bytes: Uint8Array) => (text += Buffer.from(bytes).toString()),
    onEvent: (event: unknown) => console.error(JSON.stringify(event)),
  };
  const machine = new Machine(flash, listener);
  const fromPowerOn = measure(machine, settledAfter);
  const settled = measure(machine, translatedCycles);
  const reference = new Machine(flash, listener, { translates: false });
  reference.run(settledAfter);
  const interpreted = measure(reference, interpretedCycles);
  /** The program's own measurements: microseconds on one core, then on both. */
  const scaling = (name: string): number => {
    const [, alone, both] = new RegExp(`^${name} (\\d+) (\\d+) same`, 'm').exec(text) ?? [];
    return (2 * Number(alone)) / Number(both);
  };
  const result = {
    emulated_mhz: { settled: settled.mhz, first_150_million_cycles: fromPowerOn.mhz },
    load: settled.load,
    interpreted_mhz: interpreted.mhz,
    times_the_interpreter: settled.mhz / interpreted.mhz,
    translations: machine.blocks?.translations,
    two_core_scaling: { generate: scaling('generate'), mixed: scaling('mixed') },
  };
  console.log(JSON.stringify(result, null, 2));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
