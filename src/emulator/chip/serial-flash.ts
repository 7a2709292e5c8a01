/**
 * The flash chip as a program talks to it in serial mode, byte for byte: identity, unique id and
 * status (Winbond W25Q128JV). Reads and writes of data go through the boot ROM and the flash cache.
 */
export class SerialFlash {
  /** Bytes that came since the chip was selected. */
  private received: number[] = [];

  /** The chip's select pin changed: the next byte is a command. */
  deselect(): void {
    this.received = [];
  }

  /** Takes a byte, and gives the one that the chip puts on its output meanwhile. */
  exchange(byte: number): number {
    const place = this.received.push(byte) - 1;
    const answer = answers[this.received[0] ?? 0];
    if (place === 0 || !answer) return 0;
    const index = place - 1 - (answer.waits ?? 0);
    if (answer.repeats) return answer.bytes[index % answer.bytes.length] ?? 0;
    return answer.bytes[index] ?? 0;
  }
}

interface Answer {
  bytes: readonly number[];
  /** Bytes between command and answer. */
  waits?: number;
  /** The answer begins again at its end. */
  repeats?: true;
}

/** As much flash as the chip can address, so that the firmware of every board runs. */
const bytesPower = 24;

/** Command -> answer. Status: not busy, not protected, quad mode enabled. */
const answers: Readonly<Record<number, Answer>> = {
  0x05: { bytes: [0x00], repeats: true },
  0x15: { bytes: [0x60], repeats: true },
  0x35: { bytes: [0x02], repeats: true },
  0x4b: { bytes: [0xe6, 0x60, 0x58, 0x38, 0x83, 0x00, 0x00, 0x01], waits: 4 },
  0x90: { bytes: [0xef, bytesPower - 1], waits: 3, repeats: true },
  0x9f: { bytes: [0xef, 0x40, bytesPower] },
  0xab: { bytes: [bytesPower - 1], waits: 3, repeats: true },
};
