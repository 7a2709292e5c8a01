import { createServer, type Server, type Socket } from 'node:net';
import { GDBConnection, GDBServer, type RP2040 } from 'rp2040js';
import { flashBase, flashEnd } from './chip/address-map';
import type { Machine } from './machine';

/** Debuggers look here first; another port is taken when it is in use. */
const usualPort = 3333;
/** Only programs of this computer may attach. */
const host = '127.0.0.1';

/** What a debugger may do to the flow of time; only what runs can be halted, and go on. */
export interface DebugControl {
  halt(): void;
  go(): void;
  isRunning(): boolean;
  /** As when RUN is pulled low. */
  restart(): void;
}

/**
 * GDB's remote protocol for the first core of a virtual Pico, by rp2040js. Breakpoints are
 * instructions that the debugger writes, in flash too.
 */
export class DebugServer {
  private readonly server: Server;
  private readonly protocol: GDBServer;
  private readonly sockets = new Set<Socket>();
  private readonly onBreakpoint: () => void;
  /** What was in flash before debuggers wrote there, by address. */
  private readonly overwritten = new Map<number, number>();

  constructor(
    private readonly machine: Machine,
    control: DebugControl,
  ) {
    const chip = debuggedChip(machine, this.overwritten);
    this.protocol = new Protocol(chip, control);
    this.onBreakpoint = () => {
      control.halt();
      // The protocol's server rewinds the program counter by this much itself.
      machine.cores[0].breakRewind = 0;
      chip.onBreak(0);
    };
    this.server = createServer((socket) => this.accept(socket, control));
  }

  /** Resolves to the port. */
  async listen(): Promise<number> {
    const { server } = this;
    const tryPort = (port: number) =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
    if (!server.listening) await tryPort(usualPort).catch(() => tryPort(0));
    const address = server.address();
    return typeof address === 'object' && address ? address.port : usualPort;
  }

  close(): void {
    this.machine.onBreakpoint = undefined;
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  /** Breakpoints of a debugger that was killed must not stay in flash. */
  private restoreFlash(): void {
    const { machine, overwritten } = this;
    // What a debugger has loaded stays.
    const left = [...overwritten].filter(([address]) => machine.inspect(address | 1) === bkpt);
    for (const [address, value] of left) machine.poke(address, value);
    overwritten.clear();
  }

  private accept(socket: Socket, control: DebugControl): void {
    // A debugger that attaches finds the program halted.
    control.halt();
    socket.setNoDelay(true);
    this.sockets.add(socket);
    // Without a debugger, what would stop in it is a crash.
    this.machine.onBreakpoint = this.onBreakpoint;
    const connection = new GDBConnection(this.protocol, (data) => void socket.write(data));
    socket.on('data', (data) => connection.feedData(data.toString('latin1')));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.protocol.removeConnection(connection);
      // Nobody is left who could let it go on.
      if (this.sockets.size > 0) return;
      this.machine.onBreakpoint = undefined;
      this.restoreFlash();
      control.go();
    });
  }
}

/** The upper byte of the instruction `bkpt`. */
const bkpt = 0xbe;

/** Answers of the remote protocol, with their checksums. */
const accepted = '$OK#9a';

/** The protocol by rp2040js, and what debuggers ask for beyond it. */
class Protocol extends GDBServer {
  constructor(
    chip: RP2040,
    private readonly control: DebugControl,
  ) {
    super({
      rp2040: chip,
      get executing() {
        return control.isRunning();
      },
      execute: () => control.go(),
      stop: () => control.halt(),
    });
  }

  override processGDBMessage(command: string): string | undefined {
    if (command.startsWith('D')) {
      // It need not end the connection.
      this.control.go();
      return accepted;
    }
    const [, hex] = /^qRcmd,([0-9a-f]+)$/.exec(command) ?? [];
    if (hex !== undefined && this.obey(Buffer.from(hex, 'hex').toString())) return accepted;
    return super.processGDBMessage(command);
  }

  /** What follows `monitor` in GDB, in the words of OpenOCD; whether it is known. */
  private obey(words: string): boolean {
    const { control } = this;
    if (!['halt', 'reset', 'reset halt', 'reset init', 'reset run'].includes(words)) return false;
    if (words.startsWith('reset')) control.restart();
    if (words.endsWith('halt') || words.endsWith('init')) control.halt();
    return true;
  }
}

function isFlash(address: number): boolean {
  return address >= flashBase && address < flashEnd;
}

/** The chip as a debugger may see and change it: accesses never fault, and code may be written. */
function debuggedChip(machine: Machine, overwritten: Map<number, number>): RP2040 {
  // The machine has a new chip after each reset.
  return {
    get core() {
      return machine.cores[0];
    },
    readUint8: (address: number) => machine.inspect(address),
    writeUint8: (address: number, value: number) => {
      if (isFlash(address) && !overwritten.has(address)) {
        overwritten.set(address, machine.inspect(address));
      }
      machine.poke(address, value);
    },
    step: () => machine.stepFirstCore(),
    onBreak: () => undefined,
  } as unknown as RP2040;
}
