import { Code } from './code';
import { op, valueType } from './opcodes';

const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const section = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const kind = { function: 0, table: 1, memory: 2 } as const;
const functionType = 0x60;
const functionReference = 0x70;

/** Parameters and results of a function, all of them i32. */
export interface Signature {
  parameters: number;
  results: 0 | 1;
}

/** Imports come first in the index space of functions, in their order. */
export interface FunctionImport {
  name: string;
  type: number;
}

export interface DefinedFunction {
  type: number;
  /** Under which name it is exported. */
  name?: string;
  /** Locals beside the parameters, all of them i32. */
  locals: number;
  /** Its instructions, without the last `end`. */
  body: Uint8Array;
}

export interface ModuleParts {
  types: readonly Signature[];
  imports: readonly FunctionImport[];
  /** It imports the table of translated regions. */
  usesTable?: boolean;
  functions: readonly DefinedFunction[];
  /** Pages of 64 KB of the memory, which is imported. */
  pages: number;
}

/** Name of the module that all imports come from; `memory` and `table` are in it too. */
export const importModule = 'e';

/** A module of WebAssembly in its binary format. */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { types, imports, usesTable = false, functions, pages } = parts;
  const module = new Code();
  for (const byte of header) module.byte(byte);
  const add = (id: number, write: (code: Code) => void): void => {
    const content = new Code();
    write(content);
    module.byte(id);
    module.unsigned(content.length);
    module.append(content.bytes);
  };
  add(section.type, (code) => {
    code.unsigned(types.length);
    for (const type of types) writeSignature(code, type);
  });
  add(section.import, (code) => {
    code.unsigned(imports.length + (usesTable ? 2 : 1));
    writeImport(code, 'memory', [kind.memory, 0]);
    code.unsigned(pages);
    if (usesTable) writeImport(code, 'table', [kind.table, functionReference, 0, 0]);
    for (const { name, type } of imports) writeImport(code, name, [kind.function, type]);
  });
  add(section.function, (code) => {
    code.unsigned(functions.length);
    for (const { type } of functions) code.unsigned(type);
  });
  add(section.export, (code) => {
    const exported = functions.flatMap(({ name }, at) =>
      name === undefined ? [] : [{ name, at }],
    );
    code.unsigned(exported.length);
    for (const { name, at } of exported) {
      writeName(code, name);
      code.byte(kind.function);
      code.unsigned(imports.length + at);
    }
  });
  add(section.code, (code) => {
    code.unsigned(functions.length);
    for (const defined of functions) writeFunction(code, defined);
  });
  return new Uint8Array(module.bytes);
}

function writeSignature(code: Code, { parameters, results }: Signature): void {
  code.byte(functionType);
  for (const count of [parameters, results]) {
    code.unsigned(count);
    for (let i = 0; i < count; i++) code.byte(valueType.i32);
  }
}

function writeName(code: Code, name: string): void {
  code.unsigned(name.length);
  for (let i = 0; i < name.length; i++) code.byte(name.charCodeAt(i));
}

function writeImport(code: Code, name: string, description: readonly number[]): void {
  writeName(code, importModule);
  writeName(code, name);
  for (const byte of description) code.byte(byte);
}

function writeFunction(code: Code, { locals, body }: DefinedFunction): void {
  const content = new Code();
  content.unsigned(locals > 0 ? 1 : 0);
  if (locals > 0) {
    content.unsigned(locals);
    content.byte(valueType.i32);
  }
  content.append(body);
  content.op(op.end);
  code.unsigned(content.length);
  code.append(content.bytes);
}
