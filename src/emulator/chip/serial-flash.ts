import { chip } from '../../core/chip';

/**
 * The flash chip as a program talks to it in serial mode, byte for byte: identity, unique id and
 * status (Winbond W25Q16JV, or a larger one of its kind). Reads and writes of data go through the boot ROM and the flash cache.
 */
export class SerialFlash {
  /** Bytes that came since the chip was selected. */
  private received: number[] = [];

  /** @param contents of the flash, as far as the chip can address it */
  constructor(private readonly contents: Uint8Array) {}

  /** The chip's select pin changed: the next byte is a command. */
  deselect(): void {
    this.received = [];
  }

  /** Takes a byte, and gives the one that the chip puts on its output meanwhile. */
  exchange(byte: number): number {
    const place = this.received.push(byte) - 1;
    const answer = this.answerTo(this.received[0] ?? 0);
    if (place === 0 || !answer) return 0;
    const index = place - 1 - (answer.waits ?? 0);
    if (answer.repeats) return answer.bytes[index % answer.bytes.length] ?? 0;
    return answer.bytes[index] ?? 0;
  }

  private answerTo(command: number): Answer | undefined {
    if (command === 0x9f) return { bytes: [0xef, 0x40, this.power] };
    if (command === 0x90) return { bytes: [0xef, this.power - 1], waits: 3, repeats: true };
    if (command === 0xab) return { bytes: [this.power - 1], waits: 3, repeats: true };
    return answers[command];
  }

  /**
   * The power of two that is its size: 2 MB as on a Pico, or as much as it holds where that is the
   * firmware of a board with more.
   */
  private get power(): number {
    const { contents } = this;
    let used = contents.length;
    while (used > chip.flashBytes && contents[used - 1] === erased) used--;
    return Math.max(Math.log2(chip.flashBytes), Math.ceil(Math.log2(used)));
  }
}

/** What an erased byte reads as. */
const erased = 0xff;

interface Answer {
  bytes: readonly number[];
  /** Bytes between command and answer. */
  waits?: number;
  /** The answer begins again at its end. */
  repeats?: true;
}

/** Command -> answer. Status: not busy, not protected, quad mode enabled. */
const answers: Readonly<Record<number, Answer>> = {
  0x05: { bytes: [0x00], repeats: true },
  0x15: { bytes: [0x60], repeats: true },
  0x35: { bytes: [0x02], repeats: true },
  0x4b: { bytes: [0xe6, 0x60, 0x58, 0x38, 0x83, 0x00, 0x00, 0x01], waits: 4 },
};
