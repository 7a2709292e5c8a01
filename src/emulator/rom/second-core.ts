import type { Core } from '../thumb/core';
import { romTrap, routine } from './image';

/** A core's end of the FIFOs between the cores. */
export interface Mailbox {
  /** The next word from the other core, if there is one. */
  take(): number | undefined;
  send(word: number): void;
}

/** Words that begin a launch; behind them come vector table, stack pointer and entry. */
const greeting = [0, 0, 1] as const;
const launchWords = greeting.length + 3;
/** Cycles of the real routine for each word, roughly. */
const wordCycles = 30;

/** What the second core does in the boot ROM: it waits for its program (datasheet, 2.8.2). */
export class SecondCore {
  private words: number[] = [];

  constructor(private readonly mailbox: Mailbox) {}

  /** After a reset it tells the other core that it is ready. Returns the cycles. */
  reset(core: Core): number {
    this.words = [];
    this.mailbox.send(0);
    core.onEvent();
    core.branchExchange(routine(romTrap.launch));
    return wordCycles;
  }

  /**
   * Takes a word of the launch sequence and echoes it; what does not fit starts it anew. The last
   * one starts the program. Returns the cycles.
   */
  launch(core: Core): number {
    // The routine returns to itself until it branches elsewhere; a program that returns comes here
    // with whatever its last call has left.
    core.LR = routine(romTrap.launch);
    const word = this.mailbox.take();
    if (word === undefined) {
      core.waitForEvent();
      return 2;
    }
    const expected = greeting[this.words.length];
    if (expected === undefined || expected === word) this.words.push(word);
    else this.words = word === 0 ? [0] : [];
    this.mailbox.send(word);
    core.onEvent();
    if (this.words.length === launchWords) this.start(core);
    return wordCycles;
  }

  private start(core: Core): void {
    const [vectors = 0, stack = 0, entry = 0] = this.words.slice(greeting.length);
    this.words = [];
    core.VTOR = vectors;
    core.SP = stack;
    core.branchExchange(entry | 1);
  }
}
