/** Keys of rp2040js's peripherals: bits 31 to 12 of their addresses. */
export const peripheralIndex = {
  powerOn: 0x40010,
  pins: 0x40014,
  timer: 0x40054,
  watchdog: 0x40058,
  ringOscillator: 0x40060,
} as const;
