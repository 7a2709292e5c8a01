import { ownSio } from '../chip/address-map';
import type { CoreNumber } from '../chip/core-number';
import { coreBytes, memoryMap, memoryPages, type ChipMemory } from '../chip/memory-map';
import { Code } from '../wasm/code';
import { compile, instantiate, type Imports } from '../wasm/instantiate';
import type { Signature } from '../wasm/module';
import { op } from '../wasm/opcodes';
import { dispatchBody } from './dispatch';
import { loadElsewhere, storeElsewhere } from './elsewhere';
import { interpolatorLoad, interpolatorLocals, interpolatorStore } from './interpolator';
import { touchBody } from './touch';
import { turnsBody } from './turns';

/** Types of functions, by their index in every module. */
export const functionTypes: readonly Signature[] = [
  { parameters: 1, results: 1 },
  { parameters: 2, results: 1 },
  { parameters: 3, results: 0 },
  { parameters: 3, results: 1 },
  { parameters: 5, results: 1 },
  { parameters: 4, results: 1 },
  { parameters: 7, results: 1 },
];
export const typeIndex = {
  touch: 0,
  loadOwn: 1,
  storeOwn: 2,
  run: 3,
  region: 4,
  elsewhere: 5,
  turns: 6,
} as const;

/** Functions that regions import, in the order of `imported`. */
export const regionImports = [
  { name: 'touch', type: typeIndex.touch },
  ...['loadWord', 'loadHalf', 'loadByte', 'loadSignedHalf', 'loadSignedByte', 'storeWord'].map(
    (name) => ({ name, type: typeIndex.elsewhere }),
  ),
  { name: 'loadOwn', type: typeIndex.loadOwn },
];

/** What the runtime needs of the chip, in JavaScript: registers that a core has for itself, interpolators aside. */
export interface OwnDevices {
  load(core: CoreNumber, offset: number): number;
  store(core: CoreNumber, offset: number, value: number): void;
}

/** Functions of WebAssembly that translated code and the interpreter share. */
export interface RuntimeExports {
  /** Notes an access to an address of the flash; returns the cycles that it waits. */
  touch(address: number): number;
  /** A register that a core has for itself, by the address of the core's state and its offset in SIO. */
  loadOwn(core: number, offset: number): number;
  storeOwn(core: number, offset: number, value: number): void;
  /** See `dispatchBody`. */
  run(core: number, soft: number, hard: number): number;
  /** See `turnsBody`. */
  turns(
    ...parameters: readonly [
      core0: number,
      core1: number,
      time0: number,
      time1: number,
      until: number,
      hard: number,
      lead: number,
    ]
  ): number;
}

export interface Runtime extends RuntimeExports {
  /** Functions of translated regions. */
  readonly table: WebAssembly.Table;
  /** What regions import. */
  readonly imports: Imports;
}

const firstTableSize = 256;
let compiled: WebAssembly.Module | undefined;

/** Devices in JavaScript that the runtime imports, and where its own functions begin behind them. */
const functionIndex = { load: 0, store: 1, touch: 2, loadOwn: 3, storeOwn: 4, run: 11 } as const;

/** An access to a register that a core has for itself: its parameters are the arguments. */
function own(device: number, parameters: number, interpolator: (code: Code) => void): Uint8Array {
  const code = new Code();
  code.get(1);
  code.constant(ownSio.interpolators);
  code.op(op.i32_lt_u);
  code.open(op.if);
  for (let at = 0; at < parameters; at++) code.get(at);
  code.call(device);
  code.op(op.return);
  code.close();
  interpolator(code);
  return code.bytes;
}

function compileRuntime(): WebAssembly.Module {
  const { touch, loadOwn, storeOwn, run, elsewhere } = typeIndex;
  const load = own(functionIndex.load, 2, interpolatorLoad);
  const store = own(functionIndex.store, 3, interpolatorStore);
  const loads = [
    ['loadWord', op.i32_load, 2],
    ['loadHalf', op.i32_load16_u, 1],
    ['loadByte', op.i32_load8_u, 0],
    ['loadSignedHalf', op.i32_load16_s, 1],
    ['loadSignedByte', op.i32_load8_s, 0],
  ] as const;
  return compile({
    types: functionTypes,
    imports: [
      { name: 'load', type: loadOwn },
      { name: 'store', type: storeOwn },
    ],
    usesTable: true,
    functions: [
      { name: 'touch', type: touch, ...touchBody() },
      { name: 'loadOwn', type: loadOwn, locals: interpolatorLocals.load, body: load },
      { name: 'storeOwn', type: storeOwn, locals: interpolatorLocals.store, body: store },
      ...loads.map(([name, width, log2Bytes]) => {
        return { name, type: elsewhere, ...loadElsewhere(width, log2Bytes, functionIndex) };
      }),
      { name: 'storeWord', type: elsewhere, ...storeElsewhere(functionIndex) },
      { name: 'run', type: run, ...dispatchBody(typeIndex.region) },
      { name: 'turns', type: typeIndex.turns, ...turnsBody(functionIndex.run) },
    ],
    pages: memoryPages,
  });
}

/** Brings the runtime to life over the memory of a chip. */
export function createRuntime({ memory }: ChipMemory, devices: OwnDevices): Runtime {
  compiled ??= compileRuntime();
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: firstTableSize });
  const load = (core: number, offset: number) => devices.load(numberOf(core), offset);
  const store = (core: number, offset: number, value: number) =>
    devices.store(numberOf(core), offset, value);
  const exports = instantiate(compiled, { memory, table, load, store });
  const functions = exports as unknown as RuntimeExports;
  return { ...functions, table, imports: { memory, ...exports } };
}

/** The address of a core's state. */
export function stateAddress(core: CoreNumber): number {
  return memoryMap.cores + coreBytes * core;
}

function numberOf(address: number): CoreNumber {
  return address === stateAddress(0) ? 0 : 1;
}
