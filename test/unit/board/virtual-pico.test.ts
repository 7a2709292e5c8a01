import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { writeUf2 } from '../../../src/core/export/uf2';
import { VirtualPico } from '../../../src/node/board/virtual/virtual-pico';
import type { MachineEvent } from '../../../src/emulator/machine-event';
import { flashWith, halfwords } from '../emulator/assemble';

/** Writes a letter to UART0 and then stays where it is. */
const saying = (letter: string): Uint8Array =>
  halfwords(0x4901, 0x2000 | letter.charCodeAt(0), 0x6008, 0xe7fe, 0x4000, 0x4003);

const uf2Of = (program: Uint8Array): Uint8Array =>
  writeUf2(flashWith(program).map(({ offset, data }) => ({ address: 0x10000000 + offset, data })));

let pico: VirtualPico;
let said = '';
const events: MachineEvent[] = [];

async function switchOn(flash: Uint8Array | undefined, paced = false): Promise<void> {
  pico = new VirtualPico({ flash: flash ? flashWith(flash) : [] }, paced);
  said = '';
  events.length = 0;
  pico.onOutput((bytes) => (said += Buffer.from(bytes).toString()));
  pico.onEvent((event) => events.push(event));
  await pico.start();
}

afterEach(() => pico.dispose());

test('a program stays in flash while the power is off', async () => {
  await switchOn(saying('A'));
  await expect.poll(() => said).toBe('A');
  pico.setPower(false);
  expect((await pico.read()).power).toBe('off');
  const { cycles } = await pico.read();
  expect((await pico.read()).cycles).toBe(cycles);
  pico.setPower(true);
  await expect.poll(() => said).toBe('AA');
  expect((await pico.read()).power).toBe('running');
});

test('with the BOOTSEL button held it waits for a program, and runs the next one', async () => {
  await switchOn(saying('A'));
  await expect.poll(() => said).toBe('A');
  pico.restart(true);
  await expect.poll(() => events.map(({ kind }) => kind)).toEqual(['bootloader']);
  expect((await pico.read()).power).toBe('bootloader');
  pico.program(uf2Of(saying('B')));
  await expect.poll(() => said).toBe('AB');
  expect(() => pico.program(Uint8Array.of(1))).toThrow('cannot be run');
});

test('a program for SRAM runs there, and the program in flash after the next start', async () => {
  await switchOn(saying('A'));
  await expect.poll(() => said).toBe('A');
  pico.program(writeUf2([{ address: 0x20000000, data: saying('S') }]));
  await expect.poll(() => said).toBe('AS');
  pico.setPower(false);
  pico.setPower(true);
  await expect.poll(() => said).toBe('ASA');
});

test('an empty one waits for a program; a crashed one can be restarted', async () => {
  await switchOn(undefined);
  await expect.poll(async () => (await pico.read()).power).toBe('bootloader');
  pico.program(uf2Of(halfwords(0xbe00)));
  await expect.poll(async () => (await pico.read()).power).toBe('crashed');
  pico.restart();
  await expect.poll(() => events.filter(({ kind }) => kind === 'fault')).toHaveLength(2);
});

test('output and events of an earlier start are dropped', async () => {
  await switchOn(halfwords(0xbe00));
  // The worker does not have the other program yet when this one crashes.
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (let round = 0; round < 20; round++) {
    pico.program(uf2Of(halfwords(0xbe00)));
    await pico.read();
    pico.program(uf2Of(saying('B')));
    events.length = 0;
    said = '';
    await expect.poll(() => said).toBe('B');
    expect(events).toEqual([]);
  }
});

test('a program that a debugger has halted stays halted when it is reset', async () => {
  await switchOn(saying('A'));
  const socket = connect((await pico.debug(true)) ?? 0, '127.0.0.1');
  await expect.poll(async () => (await pico.read()).power).toBe('halted');
  pico.restart();
  expect((await pico.read()).power).toBe('halted');
  socket.destroy();
  await expect.poll(async () => (await pico.read()).power).toBe('running');
});

test('a reading has speed, load and stack', async () => {
  await switchOn(saying('A'), true);
  await expect.poll(() => said).toBe('A');
  await pico.read();
  await new Promise((resolve) => setTimeout(resolve, 60));
  const reading = await pico.read();
  expect(reading).toMatchObject({ clock_mhz: 125, paced: true, led: 0 });
  expect(reading.cores[0].load).toBeGreaterThan(0.9);
  expect(reading.cores[1].load).toBe(0);
  expect(reading.cores[0].stack_pointer).toBe(0x20041f00);
  expect(reading.recent_mhz).toBeGreaterThan(0);
});

test('debuggers are served on a port of this computer alone', async () => {
  await switchOn(saying('A'));
  const port = await pico.debug(true);
  expect(port).toBeGreaterThan(1023);
  expect(await pico.debug(false)).toBeUndefined();
});

test('a crash is reported while the GDB server has no debugger', async () => {
  await switchOn(undefined);
  await pico.debug(true);
  pico.program(uf2Of(halfwords(0xbe00)));
  await expect.poll(() => events.map(({ kind }) => kind)).toContain('fault');
  expect((await pico.read()).power).toBe('crashed');
});

test('a debugger that attaches and leaves does not switch the board on', async () => {
  await switchOn(saying('A'));
  await expect.poll(() => said).toBe('A');
  const port = (await pico.debug(true)) ?? 0;
  pico.setPower(false);
  const attach = async (): Promise<void> => {
    const socket = connect(port, '127.0.0.1');
    const answered = once(socket, 'data');
    socket.write('$?#3f');
    await answered;
    socket.end();
    await once(socket, 'close');
  };
  await attach();
  const { cycles } = await pico.read();
  await attach();
  expect(await pico.read()).toMatchObject({ power: 'off', cycles });
});

test('the GDB server starts and stops in the order of the requests', async () => {
  await switchOn(saying('A'));
  const asked = [pico.debug(true), pico.debug(false), pico.debug(true)];
  const [first, second, third] = await Promise.all(asked);
  expect(first).toBeGreaterThan(0);
  expect(second).toBeUndefined();
  expect(third).toBeGreaterThan(0);
});

test('its end is reported, and no request keeps waiting', async () => {
  await switchOn(saying('A'));
  const ended = new Promise((resolve) => pico.onEnd(resolve));
  await pico.dispose();
  await ended;
  await expect(pico.read()).rejects.toMatchObject({ code: 'board.closed' });
});

test('what it has translated of a program is kept for the next start', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'starmind-cache-'));
  vi.stubEnv('STARMIND_CACHE', cache);
  try {
    // Loops that are known before the next one is reached: movs r1, #200; subs r1, #1; bne.
    const loops = Array.from({ length: 12 }, () => [0x21c8, 0x3901, 0xd1fd]);
    await switchOn(halfwords(...loops.flat(), 0xe7fe));
    await expect.poll(async () => (await pico.read()).cycles).toBeGreaterThan(20_000);
    await pico.dispose();
    expect(readdirSync(join(cache, 'translations'))).toHaveLength(1);
  } finally {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  }
});
