/** Set for a process in the background: path of the log that its output goes to. */
export const logVariable = 'STARMIND_BACKGROUND_LOG';

/** What a process in the background tells the one that shows its output on a terminal. */
export type FromBackground =
  | { kind: 'write'; stream: 'stdout' | 'stderr'; text: string }
  | { kind: 'progress'; line: string }
  /** The command has ended and told how; without this it has crashed. */
  | { kind: 'ended' };

/** What the process at the terminal asks: Ctrl+C reaches no other session. */
export type ToBackground = 'interrupt';

/** The process at the terminal, seen from the background. It may go away at any time. */
export class Follower {
  private isProgressOnItsWay = false;

  /** Undefined for a process that is not in the background. */
  static ofThisProcess(onInterrupt: () => void): Follower | undefined {
    const log = process.env[logVariable];
    if (log === undefined) return undefined;
    process.on('message', (message: ToBackground) => {
      if (message === 'interrupt') onInterrupt();
    });
    // A command ends when its work is done, whoever may still be listening.
    process.channel?.unref();
    return new Follower(log);
  }

  private constructor(readonly log: string) {}

  tell(message: FromBackground): void {
    this.send(message, () => undefined);
  }

  /** Leaves lines out while one waits to be read: a terminal may be slow, or stopped. */
  progress(line: string): void {
    if (this.isProgressOnItsWay) return;
    this.isProgressOnItsWay = true;
    this.send({ kind: 'progress', line }, () => (this.isProgressOnItsWay = false));
  }

  private send(message: FromBackground, onSent: () => void): void {
    // An error says that the follower has gone, which is no error of the command.
    if (process.connected) process.send?.(message, undefined, undefined, onSent);
    else onSent();
  }
}
