import { GDBServer } from 'rp2040js';
import type { Stop } from '../faults';
import type { Machine } from '../machine';
import type { CoreNumber } from '../chip/core-number';
import { debuggedChip } from './chip';
import { framed } from './packets';

/** What a debugger may do to the flow of time; only what runs can be halted, and go on. */
export interface DebugControl {
  halt(): void;
  go(): void;
  /** As when RUN is pulled low. */
  restart(): void;
}

/** Numbers of the signals that the protocol knows stops by. */
const signals: Record<Stop['why'], number> = { asked: 2, step: 5, breakpoint: 5, fault: 11 };

/** Cores as threads of the protocol, which are counted from 1. */
const threads = ['1', '2'] as const;

/** Bytes of memory that fit a packet. */
const longestRead = 0x1ff0;

const done = framed('OK');
const failed = framed('E01');

/**
 * What one debugger is told. The cores are threads of one program that run and halt together; the
 * packets about registers and memory are answered by rp2040js.
 */
export class DebugSession {
  private readonly stock: GDBServer;
  /** The core that packets without a thread are about. */
  private focus: CoreNumber = 0;
  private stop: Stop = { core: 0, why: 'step' };
  private readonly breakpoints = new Set<number>();
  /** It has let the program go, and waits to be told that it has halted. */
  private waits = false;

  constructor(
    private readonly machine: Machine,
    private readonly control: DebugControl,
  ) {
    this.stock = new GDBServer({
      rp2040: debuggedChip(machine, () => this.focus),
      executing: false,
      execute: () => undefined,
      stop: () => undefined,
    });
  }

  /** The answer to a packet, in its frame; undefined when there is none, or none yet. */
  answer(packet: string): string | undefined {
    try {
      return this.obeyPacket(packet);
    } catch {
      // rp2040js takes packets apart without a look whether they are whole.
      return failed;
    }
  }

  private obeyPacket(packet: string): string | undefined {
    switch (packet[0]) {
      case '?':
        return framed(stopReply(this.stop));
      case 'H':
        return this.select(packet.slice(2));
      case 'T':
        return coreOf(packet.slice(1)) === undefined ? failed : done;
      case 'D':
        // It need not end the connection.
        this.end();
        this.control.go();
        return done;
      case 'c':
        return this.go();
      case 's':
        return this.step(this.focus, false);
      case 'm':
        return this.readMemory(packet);
      case 'Z':
      case 'z':
        return this.changeBreakpoint(packet) ?? this.stock.processGDBMessage(packet);
      case 'q':
        return this.answerQuery(packet) ?? this.stock.processGDBMessage(packet);
      case 'v':
        return packet.startsWith('vCont;')
          ? this.resume(packet.slice('vCont;'.length).split(';'))
          : this.stock.processGDBMessage(packet);
      default:
        return this.stock.processGDBMessage(packet);
    }
  }

  /** The program has halted. Returns what the debugger is to be told, if it waits for that. */
  halted(stop: Stop): string | undefined {
    if (!this.waits) return undefined;
    this.waits = false;
    return framed(this.stopsAt(stop));
  }

  /** The debugger has gone, and its breakpoints go with it. */
  end(): void {
    for (const address of this.breakpoints) this.machine.debug.setBreakpoint(address, false);
    this.breakpoints.clear();
  }

  /**
   * Sets a breakpoint, or takes it back: one in software or in hardware, which are the same here. It
   * changes no memory, so that the program may copy its code over it.
   */
  private changeBreakpoint(packet: string): string | undefined {
    const [, action, place] = /^([Zz])[01],([0-9a-f]+),/i.exec(packet) ?? [];
    if (place === undefined) return undefined;
    const address = parseInt(place, 16);
    const isSet = action === 'Z';
    if (isSet) this.breakpoints.add(address);
    else this.breakpoints.delete(address);
    this.machine.debug.setBreakpoint(address, isSet);
    return done;
  }

  private readMemory(packet: string): string {
    const [address = NaN, length = NaN] = packet
      .slice(1)
      .split(',')
      .map((part) => parseInt(part, 16));
    const bytes = this.machine.debug.inspect(address, Math.min(length, longestRead), this.focus);
    return bytes.length > 0 ? framed(hexOf(bytes)) : failed;
  }

  private answerQuery(packet: string): string | undefined {
    const [, words] = /^qRcmd,([0-9a-f]+)$/i.exec(packet) ?? [];
    if (words !== undefined) {
      return this.obey(textOf(words)) ? done : undefined;
    }
    if (packet === 'qC') return framed(`QC${threads[this.focus]}`);
    if (packet === 'qfThreadInfo') return framed(`m${threads.join(',')}`);
    if (packet === 'qsThreadInfo') return framed('l');
    const [, thread] = /^qThreadExtraInfo,(.+)$/.exec(packet) ?? [];
    return thread === undefined ? undefined : this.describe(thread);
  }

  private describe(thread: string): string {
    const number = coreOf(thread);
    if (number === undefined) return failed;
    const core = this.machine.cores[number];
    const state = core.held
      ? ', in reset'
      : core.lockedUp
        ? ', ended'
        : core.waiting
          ? ', asleep'
          : '';
    return framed(hexOf(asciiOf(`core ${number}${state}`)));
  }

  /** `H`: the thread that what follows is about; 0 and -1 leave the choice to us. */
  private select(thread: string): string {
    if (thread === '0' || thread === '-1') return done;
    const core = coreOf(thread);
    if (core === undefined) return failed;
    this.focus = core;
    return done;
  }

  /** `vCont`: what each thread is to do, the first that is meant before the others. */
  private resume(actions: readonly string[]): string | undefined {
    const parsed = actions.map((action) => /^([cs])(?:[0-9a-f]{2})?(?::(.+))?$/i.exec(action));
    const steps = parsed.find((action) => action?.[1]?.toLowerCase() === 's');
    if (!steps) return this.go();
    const othersRun = parsed.some((action) => action?.[1]?.toLowerCase() === 'c');
    return this.step(coreOf(steps[2] ?? '') ?? this.focus, othersRun);
  }

  private step(core: CoreNumber, othersRun: boolean): string {
    return framed(this.stopsAt(this.machine.debug.stepCore(core, othersRun)));
  }

  /** What comes next is the program's stop. */
  private go(): undefined {
    this.waits = true;
    this.machine.debug.takeFault();
    this.control.go();
  }

  private stopsAt(stop: Stop): string {
    this.stop = stop;
    this.focus = stop.core;
    return stopReply(stop);
  }

  /** What follows `monitor` in GDB, in the words of OpenOCD; whether it is known. */
  private obey(words: string): boolean {
    const { control } = this;
    if (!['halt', 'reset', 'reset halt', 'reset init', 'reset run'].includes(words)) return false;
    if (words.startsWith('reset')) control.restart();
    if (words.endsWith('halt') || words.endsWith('init')) control.halt();
    return true;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function asciiOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The ASCII text that hexadecimal digits spell. */
function textOf(hex: string): string {
  return hex.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16)));
}

function stopReply({ core, why }: Stop): string {
  return `T${signals[why].toString(16).padStart(2, '0')}thread:${threads[core]};`;
}

function coreOf(thread: string): CoreNumber | undefined {
  const index = (threads as readonly string[]).indexOf(thread.replace(/^0+(?=.)/, ''));
  return index === 0 || index === 1 ? index : undefined;
}
