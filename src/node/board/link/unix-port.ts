import { read } from 'node:fs';
import { promisify } from 'node:util';

const readDescriptor = promisify(read);

/** The fields of an open port of the package serialport on Linux and macOS. */
interface UnixPort {
  /** Null once it is closed. */
  fd: number | null;
  poller: { once(event: 'readable', callback: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<ReadResult>;
  close(): Promise<void>;
}

interface ReadResult {
  buffer: Buffer;
  bytesRead: number;
}

/** Whether the system reports that there is nothing to read yet. */
function isEarly(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR';
}

/**
 * Replaces the read of an open port by one that notices its end. The package's own mistakes the
 * empty read of an unplugged port for a delay, and reads again at once, for ever and with growing
 * memory (serialport/bindings-cpp#162). It also closes descriptors while reading: the next port may
 * get the same descriptor and then loses its first bytes to the old one.
 */
export function mendReading(port: object): void {
  if (!('poller' in port)) return;
  const unixPort = port as UnixPort;
  const close = unixPort.close.bind(unixPort);
  let closing = false;
  let reading: Promise<unknown> = Promise.resolve();

  unixPort.read = async (buffer, offset, length) => {
    while (!closing && unixPort.fd !== null) {
      const attempt = readDescriptor(unixPort.fd, buffer, offset, length, null);
      reading = attempt.catch(() => undefined);
      try {
        const { bytesRead } = await attempt;
        if (bytesRead === 0) throw new Error('The port has hung up.');
        return { buffer, bytesRead };
      } catch (error) {
        if (!isEarly(error)) throw error;
      }
      if (!closing) await readable(unixPort);
    }
    throw Object.assign(new Error('The port is closed.'), { canceled: true });
  };
  unixPort.close = async () => {
    closing = true;
    await reading;
    await close();
  };
}

/** Resolves when there may be something to read; rejects when the port has an end. */
function readable({ poller }: UnixPort): Promise<void> {
  return new Promise((resolve, reject) => {
    poller.once('readable', (error) => (error ? reject(error) : resolve()));
  });
}
