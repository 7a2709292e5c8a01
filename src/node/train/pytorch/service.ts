import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { lastLines } from '../../process';
import { exitCodes, StarmindError } from '../../starmind-error';
import { encodeMessage, readMessages, type Header, type Message } from './messages';

interface ErrorHeader extends Header {
  type: 'error';
  what: string;
  isMemory: boolean;
}

interface Waiting {
  resolve: (body: Buffer) => void;
  reject: (reason: Error) => void;
}

/** Most characters of what the program prints that are kept for an error. */
const keptOutput = 20_000;

/** How long the program may take to end by itself. */
const graceMilliseconds = 5000;

/** The program in Python, which answers one message at a time. */
export class TorchService {
  private waiting: Waiting | undefined;
  private failure: Error | undefined;
  private printed = '';
  private isClosing = false;
  private readonly ended: Promise<void>;

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      this.printed = (this.printed + text).slice(-keptOutput);
    });
    readMessages(child.stdout, (message) => this.settle(message));
    // Writing to a program that has died; its end says more.
    child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      child.on('error', (cause) => {
        this.fail(died(`PyTorch cannot be started: ${cause.message}`, this.printed));
        resolve();
      });
      child.on('close', (status, signal) => {
        this.fail(died(`PyTorch has ended (${signal ?? `exit code ${status}`})`, this.printed));
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * Sends a message; resolves with the body of its answer.
   * @throws StarmindError when the program has died, or answers with an error
   */
  ask(header: object, body: Uint8Array = new Uint8Array()): Promise<Buffer> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.waiting) return Promise.reject(new Error('PyTorch is busy.'));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      for (const part of encodeMessage(header, body)) this.child.stdin.write(part);
    });
  }

  /** Ends the program, in the middle of a step if need be. */
  async dispose(): Promise<void> {
    const isBusy = this.waiting !== undefined;
    this.isClosing = true;
    this.child.stdin.end();
    if (isBusy) this.kill();
    const timer = setTimeout(() => this.kill(), graceMilliseconds);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends torchrun with the processes that it has started. */
  private kill(): void {
    const { pid } = this.child;
    if (pid === undefined || process.platform === 'win32') {
      this.child.kill('SIGKILL');
      return;
    }
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // All of the group have ended.
    }
  }

  private settle({ header, body }: Message): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (header.type === 'error') waiting?.reject(refused(header as ErrorHeader));
    else waiting?.resolve(body);
  }

  private fail(failure: Error): void {
    this.failure ??= failure;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(this.isClosing ? new Error('PyTorch was stopped.') : failure);
  }
}

function died(what: string, printed: string): StarmindError {
  const output = lastLines(printed);
  return new StarmindError(
    'training.engine-died',
    exitCodes.toolMissing,
    `${what} in the middle of the training${output ? `:\n${output}` : '.'}`,
    'The last checkpoint is whole: go on from it with --resume, if need be with training.engine builtin.',
  );
}

function refused({ what, isMemory }: ErrorHeader): StarmindError {
  return isMemory
    ? new StarmindError(
        'training.memory',
        exitCodes.input,
        `PyTorch has too little memory for this training: ${what}`,
        'Use a smaller training.batch or training.context, or a smaller model.',
      )
    : new StarmindError(
        'training.engine-failed',
        exitCodes.toolMissing,
        `PyTorch failed: ${what}`,
        'Update PyTorch, or set training.engine to builtin and go on with --resume.',
      );
}
