import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { DebugServer } from '../../../src/node/board/virtual/debug-server';
import { Machine } from '../../../src/emulator/machine';
import { flashWith, halfwords } from '../emulator/assemble';

/** movs r0, #1; loop: adds r0, #1; b loop */
const counting = halfwords(0x2001, 0x3001, 0xe7fd);
const loop = 0x10000102;

/** A packet with its checksum; by itself, so that the server's own is put to the test. */
function framed(packet: string): string {
  const sum = [...packet].reduce((total, letter) => total + letter.charCodeAt(0), 0) & 0xff;
  return `$${packet}#${sum.toString(16).padStart(2, '0')}`;
}

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
    this.socket.write(framed(packet));
  }

  /** Sends a packet, and more bytes right behind it. */
  sendAll(packet: string, behind: string): void {
    this.socket.write(framed(packet) + behind);
  }

  /** Lets each character arrive by itself. */
  async sendInPieces(packet: string): Promise<void> {
    for (const character of framed(packet)) {
      await new Promise<void>((resolve) => this.socket.write(character, () => resolve()));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
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
      restart: () => {
        machine.restart();
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
    expect(await gdb.ask('?')).toBe('T05thread:1;');
    return { gdb, machine, isRunning: () => running };
  }

  test('attaching halts a program; registers and memory can be read and changed', async () => {
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
    expect(await gdb.ask('vCont;s:1')).toBe('T05thread:1;');
    const after = word(await gdb.ask('pf'));
    expect(after).toBe(before === loop ? loop + 2 : loop);
  });

  test('the program goes on when the debugger detaches', async () => {
    const { gdb, isRunning } = await attach();
    expect(await gdb.ask('D')).toBe('OK');
    gdb.close();
    await expect.poll(() => isRunning()).toBe(true);
  });

  test('a reset restarts the program, and halts on request', async () => {
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

  test('a breakpoint that a debugger leaves behind is removed', async () => {
    const { gdb, machine } = await attach();
    expect(await gdb.ask(`Z0,${loop.toString(16)},2`)).toBe('OK');
    gdb.send('vCont;c');
    expect(await gdb.answer()).toBe('T05thread:1;');
    gdb.close();
    const before = machine.cores[0].registers[0] ?? 0;
    await expect.poll(() => machine.cores[0].registers[0]).toBeGreaterThan(before);
  });

  test('a breakpoint in translated code stops it there, and it can continue', async () => {
    const { gdb, machine, isRunning } = await attach();
    expect(machine.blocks?.translations.regions).toBeGreaterThan(0);
    expect(await gdb.ask(`Z0,${loop.toString(16)},2`)).toBe('OK');
    gdb.send('vCont;c');
    expect(await gdb.answer()).toBe('T05thread:1;');
    expect(isRunning()).toBe(false);
    expect(word(await gdb.ask('pf'))).toBe(loop);
    // The core is still in front of it, and a step leads past it.
    gdb.send('vCont;c');
    expect(await gdb.answer()).toBe('T05thread:1;');
    expect(await gdb.ask('vCont;s:1')).toBe('T05thread:1;');
    expect(word(await gdb.ask('pf'))).toBe(loop + 2);
    expect(await gdb.ask(`m${loop.toString(16)},2`)).toBe('0130');
    expect(await gdb.ask(`z0,${loop.toString(16)},2`)).toBe('OK');
    gdb.send('vCont;c');
    await expect.poll(() => isRunning()).toBe(true);
    const before = machine.cores[0].registers[0] ?? 0;
    await expect.poll(() => machine.cores[0].registers[0]).toBeGreaterThan(before);
  });

  describe('two cores', () => {
    /** Lets the second core run a program of its own in SRAM: adds r0, #1; b to it. */
    async function attachWithBoth() {
      const attached = await attach();
      const [, second] = attached.machine.cores;
      attached.machine.chip.sram.set(halfwords(0x3001, 0xe7fd));
      second.held = second.waiting = second.waitsForEvent = false;
      second.PC = other;
      second.time = attached.machine.clock.cycles;
      second.registers[0] = 0;
      return { ...attached, second };
    }
    const other = 0x20000000;

    test('they are threads, each with its registers', async () => {
      const { gdb, machine, second } = await attachWithBoth();
      expect(await gdb.ask('qfThreadInfo')).toBe('m1,2');
      expect(await gdb.ask('qsThreadInfo')).toBe('l');
      expect(await gdb.ask('T2')).toBe('OK');
      expect(await gdb.ask('T3')).toBe('E01');
      expect(await gdb.ask('Hg2')).toBe('OK');
      expect(word(await gdb.ask('pf'))).toBe(other);
      expect(await gdb.ask('P0=78563412')).toBe('OK');
      expect(second.registers[0]).toBe(0x12345678);
      expect(machine.cores[0].registers[0]).not.toBe(0x12345678);
      expect(await gdb.ask('Hg1')).toBe('OK');
      expect([loop, loop + 2]).toContain(word(await gdb.ask('pf')));
      const said = await gdb.ask('qThreadExtraInfo,2');
      expect(Buffer.from(said, 'hex').toString()).toBe('core 1');
    });

    test('each has its own view of the chip', async () => {
      const { gdb } = await attachWithBoth();
      // CPUID of SIO.
      expect(await gdb.ask('md0000000,4')).toBe('00000000');
      expect(await gdb.ask('Hg2')).toBe('OK');
      expect(await gdb.ask('md0000000,4')).toBe('01000000');
    });

    test('a step of one leaves the other where it is, or lets it keep pace', async () => {
      const { gdb, machine, second } = await attachWithBoth();
      const [first] = machine.cores;
      const before = first.registers[0] ?? 0;
      for (let i = 0; i < 2; i++) expect(await gdb.ask('vCont;s:2')).toBe('T05thread:2;');
      expect(second.registers[0]).toBe(1);
      expect(second.PC).toBe(other);
      expect(first.registers[0]).toBe(before);
      for (let i = 0; i < 20; i++) expect(await gdb.ask('vCont;s:2;c')).toBe('T05thread:2;');
      expect(second.registers[0]).toBe(11);
      expect(first.registers[0]).toBeGreaterThan(before + 5);
    });

    test('a breakpoint stops both, whichever core reaches it', async () => {
      const { gdb, machine, second, isRunning } = await attachWithBoth();
      expect(await gdb.ask(`Z1,${other.toString(16)},2`)).toBe('OK');
      // Firmware copies code to SRAM as it starts.
      machine.chip.writeUint32(other, 0xe7fd3001);
      gdb.send('vCont;c');
      expect(await gdb.answer()).toBe('T05thread:2;');
      expect(isRunning()).toBe(false);
      expect(await gdb.ask('qC')).toBe('QC2');
      expect(word(await gdb.ask('pf'))).toBe(other);
      expect(await gdb.ask('?')).toBe('T05thread:2;');
      expect(await gdb.ask(`z1,${other.toString(16)},2`)).toBe('OK');
      gdb.send('vCont;c');
      await expect.poll(() => second.registers[0]).toBeGreaterThan(0);
    });

    test('a fault stops without a breakpoint', async () => {
      const { gdb, machine } = await attachWithBoth();
      machine.chip.sram.set(halfwords(0xde00));
      gdb.send('vCont;c');
      expect(await gdb.answer()).toBe('T0bthread:2;');
      expect(machine.ended).toBe(false);
    });
  });

  test('unmapped memory cannot be read, and half a packet does no harm', async () => {
    const { gdb } = await attach();
    expect(await gdb.ask('m30000000,4')).toBe('E01');
    expect(await gdb.ask('m20041ffc,8')).toHaveLength(8);
    expect(await gdb.ask('P10')).toBe('E01');
    expect(await gdb.ask('M20000000,4')).toBe('E01');
    expect(await gdb.ask('m')).toBe('E01');
    expect(await gdb.ask('qC')).toBe('QC1');
  });

  test('Ctrl+C is recognised behind other packets, and packets in pieces', async () => {
    const { gdb, isRunning } = await attach();
    gdb.sendAll('vCont;c', '\x03');
    expect(await gdb.answer()).toBe('T02thread:1;');
    expect(isRunning()).toBe(false);
    await gdb.sendInPieces('qC');
    expect(await gdb.answer()).toBe('QC1');
  });
});
