import { systemClock, type Clock } from '../../clock';
import { Turns } from '../link/turns';

/** Milliseconds for the answer of a drive; that of a boot loader needs a few. */
const patience = 500;
/** Each waiting read occupies one of Node's four file threads: keep one free. */
const mostWaiting = 3;
/**
 * After a slow read without result, leave the drive alone for this many times as long as that took.
 */
const rest = 10;

/**
 * Reads files of drives that may not answer: one on an absent network can take half a minute, and
 * the read cannot be cancelled. Other users of files go on meanwhile.
 */
export class SlowFiles {
  private readonly waiting = new Set<string>();
  private readonly restsUntil = new Map<string, number>();
  private readonly turns = new Turns();

  /** @param readFile gives undefined for a file that cannot be read, and never rejects */
  constructor(
    private readonly readFile: (file: string) => Promise<string | undefined>,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Text of a file; undefined when it cannot be read now. */
  read(file: string): Promise<string | undefined> {
    return this.turns.take(() => this.readInTime(file));
  }

  private async readInTime(file: string): Promise<string | undefined> {
    const { clock, waiting } = this;
    const rests = clock.now() < (this.restsUntil.get(file) ?? 0);
    // Do not wait again for a read that is still pending: it has had its time.
    if (rests || waiting.has(file) || waiting.size >= mostWaiting) return undefined;
    const inTime = new AbortController();
    try {
      const late = clock.sleep(patience, inTime.signal).then(() => undefined);
      return await Promise.race([this.ask(file), late]);
    } finally {
      inTime.abort();
    }
  }

  private async ask(file: string): Promise<string | undefined> {
    const { clock, waiting } = this;
    const asked = clock.now();
    waiting.add(file);
    const text = await this.readFile(file);
    waiting.delete(file);
    const took = clock.now() - asked;
    // Ask a quick drive again soon: the system may still be setting it up.
    if (text === undefined && took > patience) this.restsUntil.set(file, clock.now() + rest * took);
    return text;
  }
}
