import { SerialTransport } from './link/serial-transport';
import { TransportBoard } from './transport-board';

/** A board on a serial port. */
export class SerialBoard extends TransportBoard {
  /** @param port for example /dev/ttyACM0 or COM3 */
  constructor(port: string) {
    super(new SerialTransport(port));
  }
}
