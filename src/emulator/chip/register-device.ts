/** A device with registers at offsets, in bytes, in a region of the bus. */
export interface RegisterDevice {
  read(offset: number): number;
  write(offset: number, value: number): void;
}
