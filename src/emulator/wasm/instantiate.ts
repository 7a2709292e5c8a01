import { encodeModule, importModule, type ModuleParts } from './module';

/** What a module imports beside the memory, by name. */
export type Imports = Readonly<Record<string, WebAssembly.ImportValue>>;

export function compile(parts: ModuleParts): WebAssembly.Module {
  return new WebAssembly.Module(encodeModule(parts));
}

/** Brings a module to life; returns what it exports. */
export function instantiate(module: WebAssembly.Module, imports: Imports): WebAssembly.Exports {
  return new WebAssembly.Instance(module, { [importModule]: imports }).exports;
}
