import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** GDB, driven by its machine interface as the debuggers of VS Code drive it. */
export class Gdb {
  private readonly gdb: ChildProcessByStdio<Writable, Readable, null>;
  private readonly exited: Promise<void>;
  private output = '';
  private looked = 0;
  private wake: () => void = () => undefined;

  constructor(program: string) {
    this.gdb = spawn(program, ['--quiet', '--nx', '--interpreter=mi2'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.gdb.stdout.on('data', (bytes: Buffer) => {
      this.output += bytes.toString();
      this.wake();
    });
    this.exited = new Promise((resolve) => this.gdb.once('exit', () => resolve()));
  }

  /** Sends a command; resolves to the rest of the line of its result. */
  async ask(command: string): Promise<string> {
    this.gdb.stdin.write(`${command}\n`);
    return this.says(/^\^(.*)$/m);
  }

  /** Resolves to the reason and place of the next stop. */
  stops(): Promise<string> {
    return this.says(/^\*stopped,(.*)$/m);
  }

  async close(): Promise<void> {
    this.gdb.kill('SIGKILL');
    await this.exited;
  }

  /** The next line that matches, behind those read before. */
  private async says(line: RegExp): Promise<string> {
    for (;;) {
      const found = line.exec(this.output.slice(this.looked));
      const end = found && this.output.indexOf('\n', this.looked + found.index);
      if (found && end && end > 0) {
        this.looked = end;
        return found[1] ?? '';
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
