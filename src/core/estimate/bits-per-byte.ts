/** Nats summed over a text -> bits per byte of that text. */
export function bitsPerByte(nats: number, bytes: number): number {
  return nats / Math.LN2 / bytes;
}
