import type { StockSio } from '../rp2040js';
import { ownSio } from './address-map';

const fifoDepth = 8;
const fifo = { status: 0x50, write: 0x54, read: 0x58 } as const;
const fifoBits = { valid: 1, ready: 2, writeOverflow: 4, readUnderflow: 8 } as const;
/** Interrupt that tells a core of words for it. */
const firstFifoInterrupt = 15;

/** What SIO needs of its core. */
interface InterruptTaker {
  setInterrupt(irq: number, value: boolean): void;
}

/** A core's interpolators, whose registers have their offsets in SIO. */
export interface Interpolators {
  read(offset: number): number;
  write(offset: number, value: number): void;
}

/** True of the registers that a core has for itself; no other core sees what is done to them. */
export function isOwnRegister(offset: number): boolean {
  return offset === ownSio.coreNumber || (offset >= ownSio.first && offset < ownSio.end);
}

function isInterpolator(offset: number): boolean {
  return offset >= ownSio.interpolators && offset < ownSio.end;
}

/**
 * SIO as one core sees it: its number, its divider and interpolators, its end of the two FIFOs
 * between the cores; GPIO and spinlocks are the same for both (RP2040 datasheet, 2.3.1).
 */
export class CoreSio {
  /** Words that the other core has sent. */
  private readonly received: number[] = [];
  private writeOverflow = false;
  private readUnderflow = false;
  private other: CoreSio | undefined;

  /**
   * @param own divider of this core
   * @param shared GPIO and spinlocks of the chip
   */
  constructor(
    private readonly number: number,
    private readonly own: StockSio,
    private readonly shared: StockSio,
    private readonly interpolators: Interpolators,
    private readonly core: InterruptTaker,
  ) {}

  /** Joins the FIFOs of two cores. */
  static connect(first: CoreSio, second: CoreSio): void {
    first.other = second;
    second.other = first;
  }

  read(offset: number): number {
    if (offset === ownSio.coreNumber) return this.number;
    if (offset === fifo.status) return this.status();
    if (offset === fifo.read) return this.receive();
    if (isInterpolator(offset)) return this.interpolators.read(offset);
    return (isOwnRegister(offset) ? this.own : this.shared).readUint32(offset);
  }

  write(offset: number, value: number): void {
    if (offset === fifo.write) this.send(value >>> 0);
    else if (offset === fifo.status) this.acknowledge(value);
    else if (isInterpolator(offset)) this.interpolators.write(offset, value);
    else if (offset !== fifo.read) {
      (isOwnRegister(offset) ? this.own : this.shared).writeUint32(offset, value);
    }
  }

  /** The next word from the other core, or undefined when there is none. */
  take(): number | undefined {
    const word = this.received.shift();
    this.signal();
    return word;
  }

  /** Sends a word to the other core; one that finds no room is lost and noted. */
  send(word: number): void {
    if (!this.other || this.other.received.length >= fifoDepth) {
      this.writeOverflow = true;
      this.signal();
      return;
    }
    this.other.received.push(word);
    this.other.signal();
  }

  /** The core was reset: what was sent to it is gone. */
  clear(): void {
    this.received.length = 0;
    this.writeOverflow = false;
    this.readUnderflow = false;
    this.signal();
  }

  private receive(): number {
    const word = this.take();
    if (word === undefined) {
      this.readUnderflow = true;
      this.signal();
    }
    return word ?? 0;
  }

  private acknowledge(value: number): void {
    if (value & fifoBits.writeOverflow) this.writeOverflow = false;
    if (value & fifoBits.readUnderflow) this.readUnderflow = false;
    this.signal();
  }

  private status(): number {
    const hasRoom = this.other !== undefined && this.other.received.length < fifoDepth;
    return (
      (this.received.length > 0 ? fifoBits.valid : 0) |
      (hasRoom ? fifoBits.ready : 0) |
      (this.writeOverflow ? fifoBits.writeOverflow : 0) |
      (this.readUnderflow ? fifoBits.readUnderflow : 0)
    );
  }

  private signal(): void {
    const wanted = this.received.length > 0 || this.writeOverflow || this.readUnderflow;
    this.core.setInterrupt(firstFifoInterrupt + this.number, wanted);
  }
}
