import { describe, expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import { ChipFault } from '../../../src/emulator/fault';
import { encodings, fixedBits } from '../../../src/emulator/thumb/decode';

const silent = { onOutput: () => undefined, onEvent: () => undefined };
const machine = new Machine([], silent);
const { chip } = machine;
const [core] = machine.cores;
const program = 0x20001000;
const data = 0x20002000;

interface Result {
  registers: number[];
  /** Flags that are set, for example `ZC`. */
  flags: string;
  cycles: number;
}

/** Executes one instruction (or 32-bit pair) with the given registers and flags. */
function execute(
  opcodes: number | readonly number[],
  registers: Record<number, number> = {},
  flags = '',
): Result {
  [opcodes].flat().forEach((opcode, i) => core.bus.store16(program + 2 * i, opcode));
  core.registers.fill(0);
  core.PC = program;
  for (const [register, value] of Object.entries(registers)) core.set(Number(register), value);
  for (const flag of ['N', 'Z', 'C', 'V'] as const) core[flag] = flags.includes(flag);
  const cycles = core.step();
  const set = (['N', 'Z', 'C', 'V'] as const).filter((flag) => core[flag]).join('');
  return { registers: [...core.registers], flags: set, cycles };
}

/** r0 and the flags after an instruction on r0 and r1. */
function onPair(opcode: number, r0: number, r1: number, flags = ''): [number, string] {
  const result = execute(opcode, { 0: r0, 1: r1 }, flags);
  return [result.registers[0] ?? 0, result.flags];
}

describe('arithmetic', () => {
  const adcs = 0x4148;
  const sbcs = 0x4188;
  const max = 0x7fffffff;
  const min = 0x80000000;

  test.each([
    ['ADCS overflows through its carry', adcs, max, 0, 'C', min, 'NV'],
    ['ADCS of -1 and a carry', adcs, 0xffffffff, 0, 'C', 0, 'ZC'],
    ['ADCS of two -1 and a carry', adcs, 0xffffffff, 0xffffffff, 'C', 0xffffffff, 'NC'],
    ['SBCS down to the least number', sbcs, 0, max, '', min, 'N'],
    ['SBCS over its edge', sbcs, min, max, '', 0, 'ZCV'],
    ['SBCS of the same, with borrow', sbcs, 5, 5, '', 0xffffffff, 'N'],
    ['SBCS of -1 with borrow', sbcs, 5, 0xffffffff, '', 5, ''],
    ['RSBS of the least number', 0x4248, 0, min, '', min, 'NV'],
    ['RSBS of zero', 0x4248, 7, 0, '', 0, 'ZC'],
    ['MULS keeps the low half', 0x4348, 0x10001, 0x10001, 'CV', 0x20001, 'CV'],
  ])('%s', (_, opcode, r0, r1, flags, result, resultFlags) => {
    expect(onPair(opcode, r0, r1, flags)).toEqual([result, resultFlags]);
  });

  test('CMP sets the flags alone', () => {
    expect(onPair(0x4288, 3, 4)).toEqual([3, 'N']);
    expect(onPair(0x4288, 0x80000000, 1)).toEqual([0x80000000, 'CV']);
  });

  test('writing the program counter branches', () => {
    // mov pc, r1; add pc, r1
    expect(execute(0x468f, { 1: data | 1 })).toMatchObject({ cycles: 2 });
    expect(core.PC).toBe(data);
    execute(0x448f, { 1: 8 });
    expect(core.PC).toBe(program + 4 + 8);
  });
});

describe('shifts by a register', () => {
  const [lsls, lsrs, asrs, rors] = [0x4088, 0x40c8, 0x4108, 0x41c8];
  const pattern = 0x80000001;

  test.each([
    ['LSLS', 0, 'C', pattern, 'NC'],
    ['LSLS', 1, '', 2, 'C'],
    ['LSLS', 32, '', 0, 'ZC'],
    ['LSLS', 33, 'C', 0, 'Z'],
    ['LSLS', 255, 'C', 0, 'Z'],
    ['LSLS', 256, 'C', pattern, 'NC'],
    ['LSRS', 0, 'C', pattern, 'NC'],
    ['LSRS', 1, '', 0x40000000, 'C'],
    ['LSRS', 32, '', 0, 'ZC'],
    ['LSRS', 33, 'C', 0, 'Z'],
    ['ASRS', 0, 'C', pattern, 'NC'],
    ['ASRS', 1, '', 0xc0000000, 'NC'],
    ['ASRS', 32, '', 0xffffffff, 'NC'],
    ['ASRS', 40, '', 0xffffffff, 'NC'],
    ['RORS', 0, 'C', pattern, 'NC'],
    ['RORS', 1, '', 0xc0000000, 'NC'],
    ['RORS', 32, '', pattern, 'NC'],
    ['RORS', 33, '', 0xc0000000, 'NC'],
  ])('%s by %i with flags "%s"', (name, count, flags, result, resultFlags) => {
    const opcode = { LSLS: lsls, LSRS: lsrs, ASRS: asrs, RORS: rors }[name] ?? 0;
    expect(onPair(opcode, pattern, count, flags)).toEqual([result, resultFlags]);
  });

  test('a constant of 0 means 32 to the right', () => {
    expect(onPair(0x0808, 1, 0x80000000)).toEqual([0, 'ZC']);
    expect(onPair(0x1008, 1, 0x80000000)).toEqual([0xffffffff, 'NC']);
    expect(onPair(0x0008, 1, 0x80000000)).toEqual([0x80000000, 'N']);
  });
});

describe('bits', () => {
  test.each([
    ['REV', 0xba08, 0x11223384, 0x84332211],
    ['REV16', 0xba48, 0x11223384, 0x22118433],
    ['REVSH', 0xbac8, 0x11223384, 0xffff8433],
    ['SXTH', 0xb208, 0x11229384, 0xffff9384],
    ['SXTB', 0xb248, 0x11223384, 0xffffff84],
    ['UXTH', 0xb288, 0x11229384, 0x9384],
    ['UXTB', 0xb2c8, 0x11223384, 0x84],
    ['MVNS', 0x43c8, 0x11223384, 0xeeddcc7b],
  ])('%s', (_, opcode, value, result) => {
    expect(onPair(opcode, 0, value)[0]).toBe(result);
  });
});

describe('memory', () => {
  test('PUSH and POP take a cycle for each register and for the jump', () => {
    const stack = data + 0x100;
    expect(execute(0xb510, { 4: 44, 13: stack, 14: 0x20003001 }).cycles).toBe(3);
    expect(core.SP).toBe(stack - 8);
    expect(core.bus.load32(stack - 8)).toBe(44);
    const popped = execute(0xbd10, { 13: stack - 8 });
    expect(popped.cycles).toBe(5);
    expect([popped.registers[4], core.SP, core.PC]).toEqual([44, stack, 0x20003000]);
    expect(execute(0xbc10, { 13: stack - 8 }).cycles).toBe(2);
  });

  test('LDM and STM walk upwards and write back', () => {
    // stmia r0!, {r1, r2}; ldmia r0!, {r1, r3}; ldmia r0, {r0, r1}
    expect(execute(0xc006, { 0: data, 1: 11, 2: 22 })).toMatchObject({ cycles: 3 });
    expect(core.get(0)).toBe(data + 8);
    expect(execute(0xc80a, { 0: data }).registers.slice(0, 4)).toEqual([data + 8, 11, 0, 22]);
    expect(execute(0xc803, { 0: data }).registers.slice(0, 2)).toEqual([11, 22]);
  });

  test('signed loads extend the sign', () => {
    core.bus.store32(data, 0x8180f0ff);
    const loaded = (opcode: number): number => execute(opcode, { 1: data, 2: 0 }).registers[0] ?? 0;
    expect(loaded(0x5688)).toBe(0xffffffff); // ldrsb r0, [r1, r2]
    expect(loaded(0x5e88)).toBe(0xfffff0ff); // ldrsh
    expect(loaded(0x7848)).toBe(0xf0); // ldrb r0, [r1, #1]
    expect(loaded(0x8848)).toBe(0x8180); // ldrh r0, [r1, #2]
  });

  test('an address wraps around', () => {
    core.bus.store32(data, 77);
    expect(execute(0x5888, { 1: 0xffffffff, 2: data + 1 }).registers[0]).toBe(77);
  });

  test('accesses cost the cycles of their target', () => {
    const ldr = 0x6808;
    expect(execute(ldr, { 1: data }).cycles).toBe(2);
    expect(execute(ldr, { 1: 0xd0000000 }).cycles).toBe(1);
    expect(execute(ldr, { 1: 0x40054028 }).cycles).toBe(4);
    expect(execute(0x6008, { 1: 0x40058010 }).cycles).toBe(5);
  });
});

test('the boot ROM ignores stores', () => {
  const before = core.bus.load32(0);
  execute(0x6008, { 0: 5, 1: 0 });
  expect(core.bus.load32(0)).toBe(before);
});

describe('branches', () => {
  test('BL reaches both ways', () => {
    expect(execute([0xf7ff, 0xfffe]).cycles).toBe(3);
    expect([core.PC, core.LR]).toEqual([program, (program + 4) | 1]);
    execute([0xf000, 0xf804]);
    expect(core.PC).toBe(program + 4 + 8);
  });

  test('a branch that is not taken takes one cycle', () => {
    expect(execute(0xd1fe, {}, 'Z').cycles).toBe(1);
    expect(execute(0xd1fe).cycles).toBe(2);
    expect(core.PC).toBe(program);
  });

  test('every condition tests its flags', () => {
    const taken = (flags: string): number[] =>
      Array.from({ length: 14 }, (_, condition) => condition).filter(
        (condition) => execute(0xd000 | (condition << 8), {}, flags).cycles === 2,
      );
    expect(taken('')).toEqual([1, 3, 5, 7, 9, 10, 12]);
    expect(taken('ZC')).toEqual([0, 2, 5, 7, 9, 10, 13]);
    expect(taken('NC')).toEqual([1, 2, 4, 7, 8, 11, 13]);
    expect(taken('NV')).toEqual([1, 3, 4, 6, 9, 10, 12]);
  });
});

describe('faults', () => {
  test.each([
    ['an unaligned load', 0x6808, data + 2],
    ['an unaligned half', 0x8808, data + 1],
    ['a load beyond memory', 0x6808, 0x20042000],
    ['a load from nowhere', 0x6808, 0x30000000],
    ['a store to the uncached flash', 0x6008, 0x13000000],
    ['a store to nowhere', 0x6008, 0x30000000],
    ['a jump to ARM code', 0x4708, data],
    ['a breakpoint', 0xbe00, 0],
    ['an undefined instruction', 0xde07, 0],
    ['an unassigned instruction', 0xb100, 0],
  ])('%s', (_, opcode, r1) => {
    expect(() => execute(opcode, { 1: r1 })).toThrow(ChipFault);
    expect(core.current).toBe(program);
  });
});

test.each([0x30000001, 0xfffffff9])('a jump to %i finds no program there', (target) => {
  execute(0x4708, { 1: target });
  expect(() => core.step()).toThrow('no program at');
});

describe('interrupts', () => {
  const handler = 0x20004000;

  function pendInterrupt(mask: boolean): void {
    core.VTOR = 0x20005000;
    core.bus.store32(core.VTOR + 4 * 16, handler | 1);
    core.enabledInterrupts = 1;
    core.PM = mask;
    core.setInterrupt(0, true);
  }

  function settle(): void {
    core.setInterrupt(0, false);
    core.PM = false;
    core.IPSR = 0;
    core.waiting = false;
    core.interruptsUpdated = false;
  }

  test('WFI ends with an interrupt that PRIMASK blocks, which is taken once allowed', () => {
    execute(0xbf30, { 13: data });
    expect(core.waiting).toBe(true);
    pendInterrupt(true);
    expect(core.checkForInterrupts()).toBe(false);
    expect([core.waiting, core.IPSR, core.PC]).toEqual([false, 0, program + 2]);
    core.PM = false;
    expect(core.checkForInterrupts()).toBe(true);
    expect([core.IPSR, core.PC]).toEqual([16, handler]);
    settle();
  });

  test('one of the same priority waits for the handler to end', () => {
    pendInterrupt(false);
    core.SP = data;
    core.checkForInterrupts();
    expect(core.checkForInterrupts()).toBe(false);
    core.setInterrupt(0, false);
    core.bus.store16(handler, 0x4770); // bx lr
    core.step();
    expect([core.IPSR, core.SP]).toEqual([0, data]);
    settle();
  });

  test('WFE passes once after SEV', () => {
    execute(0xbf40);
    execute(0xbf20);
    expect(core.waiting).toBe(false);
    core.eventRegistered = false;
    execute(0xbf20);
    expect(core.waiting).toBe(true);
    settle();
  });
});

describe('divider', () => {
  const divide = (a: number, b: number, signed: boolean): number[] => {
    core.bus.store32(0xd0000060 + (signed ? 8 : 0), a);
    core.bus.store32(0xd0000064 + (signed ? 8 : 0), b);
    return [core.bus.load32(0xd0000070) | 0, core.bus.load32(0xd0000074) | 0];
  };

  test.each([
    [7, 2, false, 3, 1],
    [-7, 2, true, -3, -1],
    [5, 0, false, -1, 5],
    [0, 0, false, -1, 0],
    [0xfffffffb, 0, false, -1, -5],
    [5, 0, true, -1, 5],
    [-5, 0, true, 1, -5],
    [0, 0, true, -1, 0],
  ])('%i / %i, signed: %s', (a, b, signed, quotient, remainder) => {
    expect(divide(a, b, signed)).toEqual([quotient, remainder]);
    expect(chip.sio.divCSR & 1).toBe(1);
  });
});

test('no two encodings overlap', () => {
  const fixed = encodings.map(([pattern]) => fixedBits(pattern));
  fixed.forEach((a, i) => {
    for (const b of fixed.slice(i + 1)) {
      expect((a.value ^ b.value) & a.mask & b.mask).not.toBe(0);
    }
  });
});
