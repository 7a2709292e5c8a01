import { expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import type { KnownRegion } from '../../../src/emulator/translator/known-regions';
import { stateOf } from '../../support/lock-step';
import { flashWith, halfwords } from './assemble';

const silent = { onOutput: () => undefined, onEvent: () => undefined };
const cycles = 100_000;

/** Adds up to r3, and calls a function for it. */
const adding = (number: number): Uint8Array =>
  halfwords(
    0x2164, // outer: movs r1, #100
    0xf000,
    0xf803, // inner: bl add
    0x3901, // subs r1, #1
    0xd1fb, // bne inner
    0xe7f9, // b outer
    0x3300 | number, // add: adds r3, #number
    0x4770, // bx lr
  );

function ran(program: Uint8Array, regions: readonly KnownRegion[] = []): Machine {
  const machine = new Machine(flashWith(program), silent, { regions });
  machine.run(cycles);
  return machine;
}

test('a machine takes what another has translated of the same program', () => {
  const first = ran(adding(1));
  expect(first.regions().length).toBeGreaterThan(0);
  const second = ran(adding(1), first.regions());
  expect(second.blocks?.translations).toEqual({ regions: 0, blocks: 0 });
  expect(new Set(second.regions())).toEqual(new Set(first.regions()));
  expect(stateOf(second)).toEqual(stateOf(first));
});

test('what memory does not hold is translated anew', () => {
  const second = ran(adding(2), ran(adding(1)).regions());
  expect(second.blocks?.translations.regions).toBeGreaterThan(0);
  expect(stateOf(second)).toEqual(stateOf(ran(adding(2))));
});

test('a program keeps its translations over a restart', () => {
  const machine = ran(adding(1));
  machine.restart();
  machine.run(cycles);
  expect(machine.blocks?.translations).toEqual({ regions: 0, blocks: 0 });
});

test('known translations do not run over breakpoints', () => {
  const regions = ran(adding(1)).regions();
  const machine = new Machine(flashWith(adding(1)), silent, { regions });
  const starts = regions.flatMap(({ entries }) => entries.map(({ start }) => start));
  machine.debug.breakpoints.add(Math.max(...starts));
  let stops = 0;
  machine.debug.onStop = () => stops++;
  machine.run(cycles);
  expect(stops).toBeGreaterThan(0);
});
