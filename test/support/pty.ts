import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Why there are no pseudo-terminals here; undefined when there are. */
export const whyNoPty =
  spawnSync('socat', ['-V'], { stdio: 'ignore' }).status === 0 ? undefined : 'socat not found';

/** A name for a port, in a folder that goes when the test is over. */
export function portName(): string {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-pty-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'port');
}

/**
 * A board whose end of a pseudo-terminal a test holds; the other end is a port that serialport
 * opens.
 */
export class PtyBoard {
  private readonly exited: Promise<void>;
  private heard = '';
  private line = '';
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly port: string,
    private readonly socat: ChildProcessByStdio<Writable, Readable, null>,
    private readonly answer: (line: string, board: PtyBoard) => void,
  ) {
    this.exited = new Promise((resolve) => socat.once('exit', () => resolve()));
    // Ignore the error of a board that was unplugged.
    socat.stdin.on('error', () => undefined);
    socat.stdout.on('data', (bytes: Buffer) => this.hear(bytes.toString('latin1')));
  }

  /**
   * Plugs it in.
   *
   * @param answer receives each line that is written to the port
   */
  static async plugIn(
    port: string,
    answer: (line: string, board: PtyBoard) => void = () => undefined,
  ): Promise<PtyBoard> {
    const socat = spawn('socat', ['-b65536', 'STDIO', `PTY,link=${port},raw,echo=0`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const board = new PtyBoard(port, socat, answer);
    while (!(await isThere(port))) {
      if (socat.exitCode !== null) throw new Error(`socat has ended with ${socat.exitCode}.`);
      await delay(1);
    }
    return board;
  }

  /** Resolves once the port has received this, after the text awaited before. */
  async hears(text: string): Promise<void> {
    let at: number;
    while ((at = this.heard.indexOf(text)) < 0) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.heard = this.heard.slice(at + text.length);
  }

  /** Sends bytes; resolves when they are on their way. */
  async send(bytes: Uint8Array | string): Promise<void> {
    await new Promise((resolve) => this.socat.stdin.write(bytes, resolve));
  }

  say(...records: readonly object[]): Promise<void> {
    return this.send(records.map((record) => `\x1e${JSON.stringify(record)}\n`).join(''));
  }

  /** Reads and answers no more, until it is unplugged. */
  stall(): void {
    this.socat.kill('SIGSTOP');
  }

  /** Pulls it out; resolves when it is gone. */
  async unplug(): Promise<void> {
    // On SIGTERM, socat hangs one time in thousands; it would remove its link itself.
    await rm(this.port, { force: true });
    this.socat.kill('SIGKILL');
    await this.exited;
  }

  private hear(text: string): void {
    this.heard += text;
    const lines = (this.line + text).split('\n');
    this.line = lines.pop() ?? '';
    for (const line of lines) this.answer(line, this);
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
