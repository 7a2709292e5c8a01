import { systemClock, type Clock } from '../../clock';
import { Turns } from '../link/turns';

/** Milliseconds for the answer of a drive; that of a boot loader takes a few. */
const patience = 500;
/** Each read that waits holds one of the four threads that Node has for files: one stays free. */
const mostWaiting = 3;
/** A drive that has nothing to say is left alone for this many times as long as it took. */
const rest = 10;

/**
 * Reads files of drives that may not answer: one on a network that is away can take half a minute,
 * and nothing can take the question back. Whoever else uses files goes on meanwhile.
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
    // In turns: one that waits has had its time.
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
    // A drive that is being set up is worth asking again.
    if (text === undefined && took > patience) this.restsUntil.set(file, clock.now() + rest * took);
    return text;
  }
}
