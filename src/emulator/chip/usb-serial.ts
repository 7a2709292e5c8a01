import { USBCDC, type RP2040 } from 'rp2040js';
import { outEndpointOf } from '../rp2040js';

/** Most bytes of one packet of a full-speed bulk endpoint. */
const packetBytes = 64;

/** Nanoseconds from the start of USB to a serial port; it takes a quarter of that. */
const connectingTime = 1e9;

/**
 * The host's side of the USB serial port. rp2040js answers every read of the device at once, if
 * need be with an empty packet, which keeps the program busy with interrupts; a host with nothing
 * to say lets the device wait, and so does this.
 */
export class UsbSerial {
  /** Nanoseconds of the chip's time at which the program switched its USB controller on. */
  private enabledAt: number | undefined;
  private connected = false;
  private readonly queue: number[] = [];
  /** Bytes that the device has room for; undefined while it does not ask. */
  private asked: number | undefined;
  private readonly cdc: USBCDC;

  constructor(
    private readonly chip: RP2040,
    private readonly now: () => number,
    onData: (bytes: Uint8Array) => void,
  ) {
    const usb = chip.usbCtrl;
    this.cdc = new USBCDC(usb);
    const enabled = usb.onUSBEnabled;
    usb.onUSBEnabled = () => {
      this.enabledAt ??= now();
      enabled?.();
    };
    this.cdc.onDeviceConnected = () => {
      this.connected = true;
      this.pump();
    };
    this.cdc.onSerialData = onData;
    usb.onEndpointRead = (endpoint, size) => {
      if (endpoint !== outEndpointOf(this.cdc)) return;
      this.asked = size;
      this.pump();
    };
  }

  /** Whether the program has a serial port here. A device of another kind, such as a keyboard, has none. */
  get state(): 'open' | 'coming' | 'none' {
    if (this.connected) return 'open';
    if (this.enabledAt === undefined) return 'none';
    return this.now() - this.enabledAt < connectingTime ? 'coming' : 'none';
  }

  /** Sends bytes to the device, as soon as it is connected and asks for them. */
  write(bytes: Uint8Array): void {
    for (const byte of bytes) this.queue.push(byte);
    this.pump();
  }

  private pump(): void {
    if (!this.connected || this.asked === undefined || this.queue.length === 0) return;
    const packet = this.queue.splice(0, Math.min(this.asked, packetBytes));
    this.asked = undefined;
    this.chip.usbCtrl.endpointReadDone(outEndpointOf(this.cdc), Uint8Array.from(packet));
  }
}
