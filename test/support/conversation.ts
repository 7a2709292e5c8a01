import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { assetPath } from '../../src/node/assets';

/** The built command line on a terminal: a test reads its output, types and interrupts. */
export class Conversation {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<number | null>;
  private output = '';
  private unseen = '';
  private waiting: (() => void)[] = [];

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [assetPath('cli.js'), ...args]);
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        if (stream === this.child.stdout) this.output += bytes.toString();
        this.unseen += bytes.toString();
        for (const resolve of this.waiting.splice(0)) resolve();
      });
    }
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** Standard output so far. */
  get stdout(): string {
    return this.output;
  }

  /** Resolves once the output contains this, after the text awaited before. */
  async shows(text: string): Promise<void> {
    let at: number;
    while ((at = this.unseen.indexOf(text)) < 0) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.unseen = this.unseen.slice(at + text.length);
  }

  type(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** Presses Ctrl+C. Resolves with the exit code. */
  interrupt(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.ended;
  }

  /** Stops reading its output, as `head` does. Resolves with the exit code. */
  hangUp(): Promise<number | null> {
    this.child.stdout.destroy();
    return this.ended;
  }

  /** Resolves with the exit code. */
  end(): Promise<number | null> {
    return this.ended;
  }
}
