import type {
  MemoryUse,
  ToVirtualPico,
  VirtualPicoReading,
} from '../../src/core/wire/virtual-pico';

/** The panel's knowledge of the virtual Pico. */
export interface PicoState {
  reading?: VirtualPicoReading;
  program?: string;
  memory?: MemoryUse;
  debugAddress?: string;
  notice?: string;
}

/** Whether the board has power. */
export function isOn(reading: VirtualPicoReading | undefined): boolean {
  return reading !== undefined && reading.power !== 'off';
}

/** The state after a message of the host. */
export function received(state: PicoState, message: ToVirtualPico): PicoState {
  switch (message.kind) {
    case 'reading':
      return { ...state, reading: message.reading };
    case 'program':
      return { ...state, program: message.name };
    case 'memory':
      return { ...state, memory: message.memory };
    case 'debugging':
      return { ...state, debugAddress: message.address };
    case 'notice':
      return { ...state, notice: message.text ?? undefined };
  }
}
