/**
 * The virtual Pico as a library: two Cortex-M0+ cores, their memory and devices, and debuggers'
 * view of them. It runs when told to, in the time of its own clock, and does no I/O: its user
 * brings threads, sockets and timers. Other rooms import it from here alone.
 */
export { Machine } from './machine';
export type { KnownRegion } from './translator/known-regions';
export type { FlashPart, MachineListener, MachineOptions } from './machine';
export type { Stop } from './faults';
export type { BootloaderCause, FaultReport, MachineEvent } from './machine-event';
export type { CoreNumber } from './chip/core-number';
export { accepted, PacketReader, refused, type FromDebugger } from './debug/packets';
export { DebugSession, type DebugControl } from './debug/session';
