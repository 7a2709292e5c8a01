import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { DebugServer } from '../../../src/node/board/virtual/debug-server';
import { Machine } from '../../../src/node/board/virtual/machine';
import { flashWith, halfwords } from './assemble';

/** movs r0, #1; loop: adds r0, #1; b loop */
const counting = halfwords(0x2001, 0x3001, 0xe7fd);
const loop = 0x10000102;

/** The side of the remote protocol that GDB has. */
class Debugger {
  private received = '';
  private wake: () => void = () => undefined;

  constructor(private readonly socket: Socket) {
    socket.on('data', (data) => {
      this.received += data.toString('latin1');
      this.wake();
    });
  }

  /** Sends a packet and resolves to the answer. */
  async ask(packet: string): Promise<string> {
    this.send(packet);
    return this.answer();
  }

  send(packet: string): void {
    const sum = [...packet].reduce((total, letter) => total + letter.charCodeAt(0), 0) & 0xff;
    this.socket.write(`$${packet}#${sum.toString(16).padStart(2, '0')}`);
  }

  close(): void {
    this.socket.end();
  }

  async answer(): Promise<string> {
    for (;;) {
      const [whole, answer] = /\$([^#]*)#../.exec(this.received) ?? [];
      if (whole !== undefined && answer !== undefined) {
        this.received = this.received.slice(this.received.indexOf(whole) + whole.length);
        return answer;
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

/** A value of the protocol: bytes in hexadecimal, the lowest first. */
const word = (hex: string): number => Buffer.from(hex, 'hex').readUInt32LE();

describe('debug server', () => {
  const cleanUps: (() => void)[] = [];
  afterEach(() => cleanUps.splice(0).forEach((cleanUp) => cleanUp()));

  async function attach() {
    const machine = new Machine(flashWith(counting), {
      onOutput: () => undefined,
      onEvent: () => undefined,
    });
    let running = true;
    const server = new DebugServer(machine, {
      halt: () => (running = false),
      go: () => (running = true),
      isRunning: () => running,
      restart: () => {
        machine.restart(false);
        running = true;
      },
    });
    const timer = setInterval(() => running && machine.run(1000), 1);
    const socket = connect(await server.listen(), '127.0.0.1');
    cleanUps.push(
      () => clearInterval(timer),
      () => socket.destroy(),
      () => server.close(),
    );
    machine.run(20_000);
    await new Promise((resolve) => socket.once('connect', resolve));
    const gdb = new Debugger(socket);
    expect(await gdb.ask('?')).toBe('S05');
    return { gdb, machine, isRunning: () => running };
  }

  test('a program is halted by attaching; registers and memory can be read and changed', async () => {
    const { gdb, machine, isRunning } = await attach();
    expect(isRunning()).toBe(false);
    const pc = word(await gdb.ask('pf'));
    expect([loop, loop + 2]).toContain(pc);
    expect(word(await gdb.ask('p0'))).toBe(machine.cores[0].registers[0]);
    expect(await gdb.ask('m10000100,4')).toBe('01200130');
    expect(await gdb.ask('P0=78563412')).toBe('OK');
    expect(machine.cores[0].registers[0]).toBe(0x12345678);
    expect(await gdb.ask('M20000000,2:abcd')).toBe('OK');
    expect(await gdb.ask('m20000000,2')).toBe('abcd');
  });

  test('a step executes one instruction', async () => {
    const { gdb } = await attach();
    const before = word(await gdb.ask('pf'));
    expect(await gdb.ask('vCont;s:1')).toMatch(/^T05/);
    const after = word(await gdb.ask('pf'));
    expect(after).toBe(before === loop ? loop + 2 : loop);
  });

  test('the program goes on when the debugger detaches', async () => {
    const { gdb, isRunning } = await attach();
    expect(await gdb.ask('D')).toBe('OK');
    gdb.close();
    await expect.poll(() => isRunning()).toBe(true);
  });

  test('a reset begins anew, and halts when that is asked for', async () => {
    const { gdb, machine, isRunning } = await attach();
    const monitor = (words: string) => gdb.ask(`qRcmd,${Buffer.from(words).toString('hex')}`);
    expect(await monitor('reset halt')).toBe('OK');
    expect(isRunning()).toBe(false);
    expect(word(await gdb.ask('pf'))).toBeLessThan(0x4000);
    expect(await monitor('reset run')).toBe('OK');
    await expect.poll(() => machine.cores[0].PC).toBeGreaterThan(0x10000000);
    expect(await monitor('halt')).toBe('OK');
    expect(isRunning()).toBe(false);
    expect(await monitor('arm semihosting enable')).toBe('');
  });

  test('a breakpoint that a debugger has left behind goes with it', async () => {
    const { gdb, machine } = await attach();
    expect(await gdb.ask(`M${loop.toString(16)},2:00be`)).toBe('OK');
    gdb.close();
    await expect.poll(() => machine.inspect(loop + 1)).toBe(0x30);
    const before = machine.cores[0].registers[0] ?? 0;
    await expect.poll(() => machine.cores[0].registers[0]).toBeGreaterThan(before);
  });

  test('a breakpoint in translated code stops it there, and it goes on', async () => {
    const { gdb, machine, isRunning } = await attach();
    expect(machine.blocks?.translations).toBeGreaterThan(0);
    // The debugger writes the instruction `bkpt` and puts the old one back.
    expect(await gdb.ask(`M${loop.toString(16)},2:00be`)).toBe('OK');
    gdb.send('vCont;c');
    expect(await gdb.answer()).toBe('S05');
    expect(isRunning()).toBe(false);
    expect(word(await gdb.ask('pf'))).toBe(loop);
    expect(await gdb.ask(`M${loop.toString(16)},2:0130`)).toBe('OK');
    gdb.send('vCont;c');
    await expect.poll(() => isRunning()).toBe(true);
    const before = machine.cores[0].registers[0] ?? 0;
    await expect.poll(() => machine.cores[0].registers[0]).toBeGreaterThan(before);
  });
});
