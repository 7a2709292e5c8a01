import { expect, test } from 'vitest';
import { LockStep } from '../../support/lock-step';
import { anyChange, selfModifyingProgram } from '../../support/self-modifying';
import { halfwords } from './assemble';
import { numbersFrom } from '../board/random';

const sram = 0x20000000;
const list = 0x8000;
const changes = 64;

const seeds = Array.from({ length: 24 }, (_, seed) => seed + 1);

test.each(seeds)('a program that changes itself, seed %i: translated as interpreted', (seed) => {
  const random = numbersFrom(seed * 104_729);
  const program = selfModifyingProgram(random);
  // Anywhere in the units of 32 bytes in which code is noted.
  const base = 0x1000 + 2 * random(32);
  const behind = (base + 2 * program.code.length + 3) & ~3;
  const entries = Array.from({ length: changes }, () => anyChange(program, random));
  const lockStep = new LockStep([]);
  lockStep.forBoth(({ chip, cores: [core] }) => {
    chip.sram.set(halfwords(...program.code), base);
    entries.forEach(({ index, value }, entry) => {
      const address = sram + base + 2 * index;
      const words = halfwords(address & 0xffff, address >>> 16, value, 0);
      chip.sram.set(words, list + 8 * entry);
    });
    core.reset();
    core.registers[0] = sram + behind;
    core.registers[6] = core.registers[9] = sram + list;
    core.registers[8] = sram + list + 8 * changes;
    core.SP = sram + 0x3000;
    core.PC = sram + base;
  });
  for (let piece = 0; piece < 60; piece++) {
    const [translating, interpreting] = lockStep.run(3001 + random(4000));
    expect(translating).toEqual(interpreting);
    // Write the change from outside, as a DMA channel and a debugger do.
    const { index, value } = anyChange(program, random);
    const address = sram + base + 2 * index;
    if (piece % 3 === 1) lockStep.forBoth(({ chip }) => chip.writeUint16(address, value));
    if (piece % 3 !== 2) continue;
    lockStep.forBoth((machine) => {
      machine.debug.poke(address, value & 0xff);
      machine.debug.poke(address + 1, value >>> 8);
    });
  }
  expect(lockStep.events.translating).toEqual([]);
  expect(lockStep.translating.blocks?.translations.regions).toBeGreaterThan(60);
});
