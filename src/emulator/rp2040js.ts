import { RP2040, USBCDC, type BasePeripheral } from 'rp2040js';

/**
 * What the emulator takes of rp2040js beyond what that package exports: private parts, classes
 * that only instances lead to, and the keys of its peripherals. All of it stands here, and is
 * looked for when the emulator is loaded: another version may have it otherwise.
 */

/** The version that package.json pins. */
export const rp2040jsVersion = '1.4.1';

/** Bits 31 to 12 of the peripherals' addresses, by which the chip keeps them. */
const key = {
  flashInterface: 0x18000,
  powerOn: 0x40010,
  pins: 0x40014,
  timer: 0x40054,
  watchdog: 0x40058,
  ringOscillator: 0x40060,
  voltageRegulator: 0x40064,
} as const;

/** A device whose registers are read and written by words. */
export interface Device {
  readUint32(offset: number): number;
  writeUint32(offset: number, value: number): void;
}

/** What the watchdog keeps over the reset it causes. */
export interface WatchdogMemory {
  readonly scratchData: Uint32Array;
  /** Why it reset the chip; 0 after power-on. */
  reason: number;
}

export interface Watchdog extends WatchdogMemory {
  readonly alarm: { enable: boolean };
  onWatchdogTrigger: () => void;
}

export interface PowerOnStateMachine extends Device {
  /** Bits of what the program holds in reset. */
  frceOff: number;
}

export interface Timer {
  readonly alarms: readonly { clockAlarm: { schedule(deltaNanos: number): void } }[];
}

/** The request for DMA of the words that the SSI has read from the flash. */
export const flashReceiveRequest = 39;

/** The request for DMA of the flash cache's stream. */
export const xipStreamRequest: Parameters<RP2040['dma']['setDREQ']>[0] = 37;

type Uart = RP2040['uart'][number];
type Request = Parameters<RP2040['dma']['setDREQ']>[0];

/** What a UART keeps for itself. */
export interface InsideUart {
  readonly irq: number;
  /** Its requests for DMA. */
  readonly dreq: { readonly rx: Request; readonly tx: Request };
  interruptStatus: number;
  interruptMask: number;
}

export const insideOf = (uart: Uart): InsideUart => uart as unknown as InsideUart;

/** A channel of DMA, with what it keeps for itself. */
export interface DmaChannel extends Device {
  readonly ctrl: number;
  readonly treqValue: number;
  readonly readAddr: number;
  writeAddr: number;
  /** Transfers that are left. */
  transCount: number;
  /** Bytes of a transfer. */
  readonly dataSize: 1 | 2 | 4;
  transferFn: () => void;
  /** Makes a transfer, and ends the work of the channel with the last one. */
  transfer: () => void;
}

export const dmaChannelsOf = (chip: RP2040): readonly DmaChannel[] =>
  chip.dma.channels as unknown as readonly DmaChannel[];

/** A slice of PWM, with what it keeps for itself. */
export interface PwmChannel {
  readonly csr: number;
  /** Lets its counter run or stand, as its setting says. */
  updateEnable(): void;
}

export const pwmChannelsOf = (chip: RP2040): readonly PwmChannel[] =>
  chip.pwm.channels as unknown as readonly PwmChannel[];

/** What an I2C controller keeps for itself. */
export interface InsideTwoWire {
  abort(reason: number): void;
  setInterrupts(mask: number): void;
  clearInterrupts(mask: number): number;
}

export const twoWireOf = (i2c: RP2040['i2c'][number]): InsideTwoWire =>
  i2c as unknown as InsideTwoWire;

/** Puts a device in the chip's address space, in place of what is there, in the 16 KB from `address` on. */
export function addDevice(chip: RP2040, address: number, device: BasePeripheral): void {
  chip.peripherals[(address >>> 14) << 2] = device;
}

export const pinsOf = (chip: RP2040): Device => peripheral<Device>(chip, 'pins');
export const flashInterfaceOf = (chip: RP2040): Device =>
  peripheral<Device>(chip, 'flashInterface');
export const ringOscillatorOf = (chip: RP2040): Device =>
  peripheral<Device>(chip, 'ringOscillator');
export const voltageRegulatorOf = (chip: RP2040): Device =>
  peripheral<Device>(chip, 'voltageRegulator');
export const watchdogOf = (chip: RP2040): Watchdog => peripheral<Watchdog>(chip, 'watchdog');
export const timerOf = (chip: RP2040): Timer => peripheral<Timer>(chip, 'timer');
export const powerOnOf = (chip: RP2040): PowerOnStateMachine =>
  peripheral<PowerOnStateMachine>(chip, 'powerOn');

function peripheral<T>(chip: RP2040, name: keyof typeof key): T {
  return chip.peripherals[key[name]] as unknown as T;
}

/** The endpoint that the host's side of a serial port has found in the descriptors. */
export function outEndpointOf(cdc: USBCDC): number {
  return (cdc as unknown as { readonly outEndpoint: number }).outEndpoint;
}

/** Lets the ADC's channel be what a register says it is. */
export function replaceActiveChannel(
  adc: RP2040['adc'],
  channel: { get: () => number; set: () => void },
): void {
  Object.defineProperty(adc, 'activeChannel', channel);
}

/** Lets accesses to the private peripherals that take no core's bus end in `device`. */
export function replacePrivatePeripherals(chip: RP2040, device: Device): void {
  Object.assign(chip.ppb, device);
}

/** Gives the chip, or a view of it, another core. */
export function replaceCore(chip: RP2040, core: RP2040['core']): void {
  Object.assign(chip, { core });
}

/** Lets a core's registers lie elsewhere. */
export function replaceRegisters(core: StockCore, registers: Uint32Array): void {
  Object.assign(core, { registers });
}

/** A chip after power-on whose SRAM and flash lie elsewhere, with contents that stay as they are. */
export function chipWithMemory(
  clock: RP2040['clock'],
  { sram, flash }: { sram: Uint8Array; flash: Uint8Array },
): RP2040 {
  const chip = withoutReset(() => new RP2040(clock));
  const viewOf = ({ buffer, byteOffset, length }: Uint8Array) =>
    new DataView(buffer, byteOffset, length);
  Object.assign(chip, {
    sram,
    sramView: viewOf(sram),
    flash,
    flash16: new Uint16Array(flash.buffer, flash.byteOffset, flash.length / 2),
    flashView: viewOf(flash),
  });
  // What its reset does beside erasing the flash; its core is replaced.
  chip.pwm.reset();
  return chip;
}

export type StockSio = RP2040['sio'];

/** Another SIO, for a second core's view of the chip. */
export function anotherSio(sio: StockSio, view: RP2040): StockSio {
  return new (sio.constructor as new (chip: RP2040) => StockSio)(view);
}

export type StockCore = RP2040['core'];

const specimen = withoutReset(() => new RP2040());

/** What is never run needs no reset, which fills 16 MB of flash. */
function withoutReset<T>(create: () => T): T {
  const { prototype } = RP2040;
  const reset = Object.getOwnPropertyDescriptor(prototype, 'reset');
  if (!reset) return create();
  try {
    prototype.reset = () => undefined;
    return create();
  } finally {
    Object.defineProperty(prototype, 'reset', reset);
  }
}

/** The class of rp2040js's core. */
export const StockCore = specimen.core.constructor as new (chip: RP2040) => StockCore;

/** A part by its name, and whether a chip has it. */
const parts: Readonly<Record<string, (chip: RP2040) => boolean>> = {
  'SRAM and flash': (chip) =>
    (['sramView', 'flashView'] as const).every((name) => chip[name] instanceof DataView) &&
    chip.flash16 instanceof Uint16Array &&
    typeof chip.pwm.reset === 'function',
  'registers of the core': ({ core }) => core.registers instanceof Uint32Array,
  'registers of pins': (chip) => isDevice(pinsOf(chip)),
  'the interface of the flash': (chip) => isDevice(flashInterfaceOf(chip)),
  'a ring oscillator': (chip) => isDevice(ringOscillatorOf(chip)),
  'a place for the voltage regulator': (chip) => isDevice(voltageRegulatorOf(chip)),
  'the watchdog with its alarm': (chip) => {
    const { alarm, reason, scratchData, onWatchdogTrigger } = watchdogOf(chip);
    return (
      typeof alarm.enable === 'boolean' &&
      typeof reason === 'number' &&
      scratchData instanceof Uint32Array &&
      typeof onWatchdogTrigger === 'function'
    );
  },
  'the power-on state machine': (chip) =>
    isDevice(powerOnOf(chip)) && typeof powerOnOf(chip).frceOff === 'number',
  'the alarms of the timer': (chip) =>
    timerOf(chip).alarms.length === 4 &&
    timerOf(chip).alarms.every(({ clockAlarm }) => typeof clockAlarm.schedule === 'function'),
  'the endpoint of the USB serial port': (chip) =>
    typeof outEndpointOf(new USBCDC(chip.usbCtrl)) === 'number',
  'the channel of the ADC': (chip) => 'activeChannel' in chip.adc,
  'interrupts and requests of the UARTs': ({ uart }) =>
    uart.every(
      (each) =>
        typeof insideOf(each).irq === 'number' &&
        typeof insideOf(each).dreq.tx === 'number' &&
        typeof insideOf(each).interruptMask === 'number' &&
        typeof each.checkInterrupts === 'function',
    ),
  'interrupts and aborts of I2C': ({ i2c }) =>
    i2c.every((each) =>
      (['abort', 'setInterrupts', 'clearInterrupts'] as const).every(
        (name) => typeof twoWireOf(each)[name] === 'function',
      ),
    ),
  'the channels of DMA': (chip) =>
    dmaChannelsOf(chip).every(
      ({ ctrl, dataSize, transferFn }) =>
        typeof ctrl === 'number' &&
        typeof dataSize === 'number' &&
        typeof transferFn === 'function',
    ),
  'the slices of PWM': (chip) =>
    pwmChannelsOf(chip).every(
      ({ csr, updateEnable }) => typeof csr === 'number' && typeof updateEnable === 'function',
    ),
  'private peripherals': (chip) => isDevice(chip.ppb),
  'the divider of SIO': (chip) =>
    typeof anotherSio(chip.sio, chip).updateHardwareDivider === 'function',
  'exceptions of the core': (chip) =>
    (
      ['exceptionEntry', 'exceptionReturn', 'exceptionPriority', 'checkForInterrupts'] as const
    ).every((name) => typeof chip.core[name] === 'function'),
  'the state machines of PIO': (chip) =>
    chip.pio.every(({ machines }) =>
      machines.every(
        ({ waiting, waitType, cycles }) =>
          typeof waiting === 'boolean' &&
          typeof waitType === 'number' &&
          typeof cycles === 'number',
      ),
    ),
};

function isDevice(device: Device | undefined): boolean {
  return typeof device?.readUint32 === 'function' && typeof device.writeUint32 === 'function';
}

/** @throws Error that names what `chip` lacks of what the emulator reaches for */
export function checkParts(chip: RP2040): void {
  const missing = Object.entries(parts).filter(([, isThere]) => !succeeds(() => isThere(chip)));
  if (missing.length === 0) return;
  throw new Error(
    `The emulator is made for rp2040js ${rp2040jsVersion}; this one is another: ` +
      `it lacks ${missing.map(([name]) => name).join(', ')}. Install that version.`,
  );
}

/** A part within a part that is not there fails on the way. */
function succeeds(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

checkParts(specimen);
