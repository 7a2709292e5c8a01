import { coreField, type ChipMemory } from '../chip/memory-map';
import type { Core } from '../thumb/core';
import { refusal } from './dispatch';
import { stateAddress, type Runtime } from './runtime';
import { turnEnd } from './turns';

/** Limits of turns, as times on the cores' clocks. */
export interface TurnLimits {
  /** No turn begins at this time or later. */
  until: number;
  /** No instruction begins at this time or later. */
  hard: number;
  /** Cycles that a core may be ahead of the other where it may yield. */
  lead: number;
}

/** Runs translated code on cores, between whose own state and the chip's memory it exchanges. */
export class TranslatedCode {
  private readonly words: Int32Array;

  constructor(
    { words }: ChipMemory,
    private readonly runtime: Runtime,
  ) {
    this.words = words;
  }

  /**
   * Runs the blocks that begin where a core is, one after the other, and returns their cycles; 0 when
   * the interpreter has to execute the next instruction.
   *
   * @param soft cycles from which on it stops at the next place where it may yield
   * @param hard cycles that it must not exceed
   */
  run(core: Core, soft: number, hard: number): number {
    this.give(core);
    const cycles = this.runtime.run(stateAddress(core.number), soft, hard);
    if (cycles > 0) this.take(core);
    return cycles;
  }

  /** Whether the last run ended before a block whose first instruction is for the interpreter now. */
  refuses(core: Core): boolean {
    return this.words[(stateAddress(core.number) + coreField.refused) >>> 2] === refusal.ofBlock;
  }

  /**
   * Lets both cores take turns, and advances their times. Returns the core whose turn is not over: the
   * interpreter has to go on with it. Undefined when no turn is under way.
   */
  takeTurns(first: Core, second: Core, { until, hard, lead }: TurnLimits): Core | undefined {
    const base = Math.min(first.time, second.time);
    const since = (time: number) => Math.min(Math.ceil(time - base), farAway) | 0;
    this.give(first);
    this.give(second);
    const [state0, state1] = [stateAddress(first.number), stateAddress(second.number)];
    const [time0, time1] = [since(first.time), since(second.time)];
    const end = this.runtime.turns(
      ...([state0, state1, time0, time1, since(until), since(hard), lead] as const),
    );
    first.time = base + (this.words[(state0 + coreField.time) >>> 2] ?? 0);
    second.time = base + (this.words[(state1 + coreField.time) >>> 2] ?? 0);
    this.take(first);
    this.take(second);
    if (end === turnEnd.none) return undefined;
    return end === turnEnd.first ? first : second;
  }

  private give(core: Core): void {
    const { words } = this;
    const at = stateAddress(core.number) >>> 2;
    words[at + coreField.negative / 4] = core.N ? -1 : 0;
    words[at + coreField.zero / 4] = core.Z ? 0 : 1;
    words[at + coreField.carry / 4] = core.C ? 1 : 0;
    words[at + coreField.overflow / 4] = core.V ? -1 : 0;
    words[at + coreField.sequential / 4] = core.sequential;
    words[at + coreField.masked / 4] = core.PM ? 1 : 0;
  }

  private take(core: Core): void {
    const { words } = this;
    const at = stateAddress(core.number) >>> 2;
    core.N = (words[at + coreField.negative / 4] ?? 0) < 0;
    core.Z = words[at + coreField.zero / 4] === 0;
    core.C = words[at + coreField.carry / 4] !== 0;
    core.V = (words[at + coreField.overflow / 4] ?? 0) < 0;
    core.sequential = words[at + coreField.sequential / 4] ?? 0;
    core.PM = words[at + coreField.masked / 4] !== 0;
    core.bus.count(
      words[at + coreField.sramAccesses / 4] ?? 0,
      words[at + coreField.flashAccesses / 4] ?? 0,
    );
    words[at + coreField.sramAccesses / 4] = 0;
    words[at + coreField.flashAccesses / 4] = 0;
  }
}

/** Cycles as V8 passes them without making an object of them; more are as good as no limit. */
const farAway = 0x3fffffff;
