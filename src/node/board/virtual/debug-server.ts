import { createServer, type Server, type Socket } from 'node:net';
import {
  accepted,
  DebugSession,
  PacketReader,
  refused,
  type DebugControl,
  type FromDebugger,
  type Machine,
  type Stop,
} from '../../../emulator';

/** Port that debuggers try first; another one when it is in use. */
const usualPort = 3333;
/** Only programs of this computer may attach. */
const host = '127.0.0.1';

/** GDB's remote protocol for both cores of a virtual Pico. */
export class DebugServer {
  private readonly server: Server;
  private readonly sessions = new Map<Socket, DebugSession>();

  constructor(
    private readonly machine: Machine,
    private readonly control: DebugControl,
  ) {
    this.server = createServer((socket) => this.accept(socket));
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
    this.machine.debug.onStop = undefined;
    for (const [socket, session] of this.sessions) {
      session.end();
      socket.destroy();
    }
    this.server.close();
  }

  private accept(socket: Socket): void {
    // GDB expects to find the program halted when it attaches.
    this.halt({ core: 0, why: 'asked' });
    socket.setNoDelay(true);
    const session = new DebugSession(this.machine, this.control);
    this.sessions.set(socket, session);
    // Without a debugger, a stop is a crash.
    this.machine.debug.onStop = (stop) => this.halt(stop);
    const packets = new PacketReader();
    socket.on('data', (data) => {
      for (const said of packets.push(data.toString('latin1'))) this.hear(socket, session, said);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.leave(socket));
  }

  private hear(socket: Socket, session: DebugSession, said: FromDebugger): void {
    if (said.kind === 'interrupt') return this.halt({ core: 0, why: 'asked' });
    if (said.kind === 'damaged') return void socket.write(refused);
    const answer = session.answer(said.content);
    socket.write(accepted + (answer ?? ''));
  }

  /** Halts the program, and notifies every debugger that waits for that. */
  private halt(stop: Stop): void {
    this.control.halt();
    for (const [socket, session] of this.sessions) {
      const told = session.halted(stop);
      if (told !== undefined) socket.write(told);
    }
  }

  private leave(socket: Socket): void {
    this.sessions.get(socket)?.end();
    this.sessions.delete(socket);
    // No debugger is left that could resume the program.
    if (this.sessions.size > 0) return;
    this.machine.debug.onStop = undefined;
    this.control.go();
  }
}
