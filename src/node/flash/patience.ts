/** Waiting times, in milliseconds. */
export interface FlashPatience {
  /** Between two looks for a board or a drive. */
  look: number;
  /** For the answer of the program that the board runs before flashing. */
  inspection: number;
  /** For a board to leave after it was asked to restart. */
  leave: number;
  /** For it to leave although asking has failed. */
  failedAsking: number;
  /** For the drive, once the board has left. */
  drive: number;
  /** For the desktop to mount a drive, before the flasher does. */
  automount: number;
  /** For the new program's port, which Windows may need seconds to name. */
  restart: number;
  /** For the new program's greeting. */
  greeting: number;
  /** For a board behind a probe: for its port, if it is on USB too, and for its answer by UART. */
  probe: number;
}

export const flashPatience: FlashPatience = {
  look: 250,
  inspection: 3_000,
  leave: 3_000,
  failedAsking: 1_000,
  drive: 20_000,
  automount: 2_000,
  restart: 20_000,
  greeting: 10_000,
  probe: 3_000,
};
