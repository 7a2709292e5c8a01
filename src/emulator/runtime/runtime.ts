import { ownSio } from '../chip/address-map';
import type { CoreNumber } from '../chip/core-number';
import { coreBytes, memoryMap, memoryPages, type ChipMemory } from '../chip/memory-map';
import { Code } from '../wasm/code';
import { encodeModule, importModule, type Signature } from '../wasm/module';
import { op } from '../wasm/opcodes';
import { dispatchBody } from './dispatch';
import { loadElsewhere, storeElsewhere } from './elsewhere';
import { interpolatorLoad, interpolatorLocals, interpolatorStore } from './interpolator';
import { touchBody } from './touch';

/** Types of functions, by their index in every module. */
export const functionTypes: readonly Signature[] = [
  { parameters: 1, results: 1 },
  { parameters: 2, results: 1 },
  { parameters: 3, results: 0 },
  { parameters: 3, results: 1 },
  { parameters: 5, results: 1 },
  { parameters: 4, results: 1 },
];
export const typeIndex = {
  touch: 0,
  loadOwn: 1,
  storeOwn: 2,
  run: 3,
  region: 4,
  elsewhere: 5,
} as const;

/** Functions that regions import, in the order of `imported`. */
export const regionImports = [
  { name: 'touch', type: typeIndex.touch },
  ...['loadWord', 'loadHalf', 'loadByte', 'loadSignedHalf', 'loadSignedByte', 'storeWord'].map(
    (name) => ({ name, type: typeIndex.elsewhere }),
  ),
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
}

export interface Runtime extends RuntimeExports {
  /** Functions of translated regions. */
  readonly table: WebAssembly.Table;
  /** What regions import. */
  readonly imports: WebAssembly.Imports;
}

const firstTableSize = 256;
let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  const devices = { load: 0, store: 1 };
  // Behind the imports, in their order below.
  const callees = { touch: 2, loadOwn: 3, storeOwn: 4 };
  const own = (device: number, parameters: number, write: (code: Code) => void): Uint8Array => {
    const code = new Code();
    code.get(1);
    code.constant(ownSio.interpolators);
    code.op(op.i32_lt_u);
    code.open(op.if);
    for (let at = 0; at < parameters; at++) code.get(at);
    code.call(device);
    code.op(op.return);
    code.close();
    write(code);
    return code.bytes;
  };
  const load = own(devices.load, 2, interpolatorLoad);
  const store = own(devices.store, 3, interpolatorStore);
  const bytes = encodeModule({
    types: functionTypes,
    imports: [
      { name: 'load', type: typeIndex.loadOwn },
      { name: 'store', type: typeIndex.storeOwn },
    ],
    usesTable: true,
    functions: [
      { name: 'touch', type: typeIndex.touch, ...touchBody() },
      { name: 'loadOwn', type: typeIndex.loadOwn, locals: interpolatorLocals.load, body: load },
      { name: 'storeOwn', type: typeIndex.storeOwn, locals: interpolatorLocals.store, body: store },
      { name: 'loadWord', type: typeIndex.elsewhere, ...loadElsewhere(op.i32_load, 2, callees) },
      { name: 'loadHalf', type: typeIndex.elsewhere, ...loadElsewhere(op.i32_load16_u, 1, callees) },
      { name: 'loadByte', type: typeIndex.elsewhere, ...loadElsewhere(op.i32_load8_u, 0, callees) },
      {
        name: 'loadSignedHalf',
        type: typeIndex.elsewhere,
        ...loadElsewhere(op.i32_load16_s, 1, callees),
      },
      {
        name: 'loadSignedByte',
        type: typeIndex.elsewhere,
        ...loadElsewhere(op.i32_load8_s, 0, callees),
      },
      { name: 'storeWord', type: typeIndex.elsewhere, ...storeElsewhere(callees) },
      { name: 'run', type: typeIndex.run, ...dispatchBody(typeIndex.region) },
    ],
    pages: memoryPages,
  });
  return new WebAssembly.Module(bytes);
}

/** Brings the runtime to life over the memory of a chip. */
export function createRuntime({ memory }: ChipMemory, devices: OwnDevices): Runtime {
  compiled ??= compile();
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: firstTableSize });
  const load = (core: number, offset: number) => devices.load(numberOf(core), offset);
  const store = (core: number, offset: number, value: number) =>
    devices.store(numberOf(core), offset, value);
  const { exports } = new WebAssembly.Instance(compiled, {
    [importModule]: { memory, table, load, store },
  });
  const functions = exports as unknown as RuntimeExports;
  return { ...functions, table, imports: { [importModule]: { memory, ...exports } } };
}

/** The address of a core's state. */
export function stateAddress(core: CoreNumber): number {
  return memoryMap.cores + coreBytes * core;
}

function numberOf(address: number): CoreNumber {
  return address === stateAddress(0) ? 0 : 1;
}
