import { expect, test } from 'vitest';
import { ChipMemory, memoryPages } from '../../../src/emulator/chip/memory-map';
import { Code } from '../../../src/emulator/wasm/code';
import { compile, instantiate } from '../../../src/emulator/wasm/instantiate';
import { op } from '../../../src/emulator/wasm/opcodes';

/** A function of two parameters and a local, over the memory of a chip. */
function functionOf(write: (code: Code) => void) {
  const code = new Code();
  write(code);
  const module = compile({
    types: [{ parameters: 2, results: 1 }],
    imports: [{ name: 'host', type: 0 }],
    functions: [{ name: 'f', type: 0, locals: 1, body: code.bytes }],
    pages: memoryPages,
  });
  const { memory, words } = new ChipMemory();
  const host = (a: number, b: number) => a * 1000 + b;
  const { f } = instantiate(module, { memory, host });
  return { f: f as (a: number, b: number) => number, words };
}

test.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8193, 0x7fffffff, -0x80000000])(
  'the constant %i',
  (value) => {
    expect(functionOf((code) => code.constant(value)).f(0, 0)).toBe(value);
  },
);

test.each([
  [0, [0]],
  [127, [127]],
  [128, [0x80, 1]],
  [0xffffffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
])('%i without sign', (value, bytes) => {
  const code = new Code();
  code.unsigned(value);
  expect([...code.bytes]).toEqual(bytes);
});

test.each([0, 1, 127, 128, 16384, (1 << 20) - 1])('room that is filled with %i', (value) => {
  const { f } = functionOf((code) => {
    code.op(op.i32_const);
    const at = code.reserve();
    code.fill(at, value);
  });
  expect(f(0, 0)).toBe(value);
});

test('what has just been set is at hand', () => {
  const code = new Code();
  code.set(2);
  code.get(2);
  expect([...code.bytes]).toEqual([op.local_tee, 2]);
  const { f } = functionOf((body) => {
    body.get(0);
    body.get(1);
    body.op(op.i32_sub);
    body.set(2);
    body.get(2);
    body.get(2);
    body.op(op.i32_mul);
  });
  expect(f(9, 2)).toBe(49);
});

test('what is set at the end of a construct is not', () => {
  const { f } = functionOf((code) => {
    code.get(0);
    code.open(op.if);
    code.constant(5);
    code.set(2);
    code.close();
    code.get(2);
  });
  expect([f(0, 0), f(1, 0)]).toEqual([0, 5]);
});

test('imports, memory and jumps by a number', () => {
  const { f, words } = functionOf((code) => {
    code.open(op.block);
    code.open(op.block);
    code.open(op.block);
    code.get(0);
    code.branchTable([0, 1, 2]);
    code.close();
    code.constant(8);
    code.get(1);
    code.access(op.i32_store, 2, 16);
    code.constant(8);
    code.access(op.i32_load16_u, 1, 16);
    code.op(op.return);
    code.close();
    code.get(0);
    code.get(1);
    code.call(0);
    code.op(op.return);
    code.close();
    code.constant(-7);
  });
  expect([f(0, 0x12345678), f(1, 2), f(2, 0), f(99, 0)]).toEqual([0x5678, 1002, -7, -7]);
  expect(words[24 / 4]).toBe(0x12345678);
});

test('more bytes than there was room for at first', () => {
  const terms = 5000;
  const { f } = functionOf((code) => {
    code.get(0);
    for (let i = 0; i < terms; i++) {
      code.get(1);
      code.op(op.i32_add);
    }
  });
  expect(f(3, 2)).toBe(3 + 2 * terms);
});
