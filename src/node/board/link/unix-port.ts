import { read } from 'node:fs';
import { promisify } from 'node:util';

const readDescriptor = promisify(read);

/** What the package serialport has of a port that is open, on Linux and macOS. */
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

/** Whether the system says that there is nothing to read yet. */
function isEarly(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR';
}

/**
 * Gives an open port a way of reading that notices its end. The package's own takes the nothing that
 * is read from a port that was unplugged for a delay, and reads again at once, for ever and in
 * growing memory (serialport/bindings-cpp#162). It also closes descriptors that are being read: the
 * next port may get the same one, and has its first bytes read for the old one then.
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

/** Resolves when there may be something to read; fails when the port has an end. */
function readable({ poller }: UnixPort): Promise<void> {
  return new Promise((resolve, reject) => {
    poller.once('readable', (error) => (error ? reject(error) : resolve()));
  });
}
