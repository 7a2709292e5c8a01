import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BoardLink } from '../../node/board/link/board-link';
import { findPort } from '../../node/board/link/find-port';
import { isCalled, listSerialPorts } from '../../node/board/list-ports';
import { LiveSession } from '../../node/board/monitor/live-session';
import { SessionRecorder } from '../../node/board/monitor/session-recorder';
import { exitCodes, StarmindError } from '../../node/starmind-error';
import { kindAt } from '../../node/files';
import type { CommandContext } from '../context';
import { MonitorPrinter } from '../monitor-printer';
import type { Output } from '../output';
import { PatientOutput } from '../patient-output';

export interface MonitorOptions {
  /** Print the bytes of the board as they are. */
  raw?: boolean;
  json?: boolean;
  timestamps?: boolean;
  /** File that the session is recorded in. */
  log?: string;
  baud?: number;
}

/**
 * `starmind monitor PORT`: prints a board's output and sends it the lines that the user types,
 * until Ctrl+C, or until the reader closes the output. It waits for a board that is unplugged.
 */
export async function monitor(
  { output, signal }: CommandContext,
  port: string,
  options: MonitorOptions,
): Promise<void> {
  requirePort(port);
  if (options.log !== undefined && existsSync(options.log)) throw logExists(options.log);
  const link = new BoardLink({ name: port, find: findPort(port), baudRate: options.baud });
  const recorder =
    options.log === undefined
      ? undefined
      : await SessionRecorder.create(options.log, () => link.hold());
  const session = new LiveSession(link, recorder);
  const stdout = new PatientOutput(process.stdout, () => link.hold());
  const hint = (await isKnown(port)) ? undefined : 'starmind boards lists those there are.';
  const endPrinting = print(session, stdout, output, options, hint);
  const endTyping = sendTypedLines(session, output);
  try {
    link.connect();
    await aborted(signal);
  } finally {
    endTyping();
    await link.disconnect();
    endPrinting();
    stdout.end();
    await session.dispose();
  }
  if (signal.aborted) {
    // Which is how it ends.
    process.exitCode = exitCodes.interrupted;
    if (options.log !== undefined) output.note(`What was said is in ${options.log}.`);
  }
}

/** @throws StarmindError `monitor.port` for a name that can never be a port */
function requirePort(port: string): void {
  const isVirtual = port === 'virtual';
  const place = kindAt(port);
  if (!isVirtual && place !== 'folder' && place !== 'file') return;
  throw new StarmindError(
    'monitor.port',
    exitCodes.input,
    isVirtual ? 'The virtual Pico has no port that lasts.' : `${port} is no serial port.`,
    isVirtual
      ? 'Let it speak with: starmind run RUN --board virtual. In VS Code, the token monitor listens to it.'
      : 'Name a port, such as /dev/ttyACM0 or COM3; starmind boards lists them.',
  );
}

/** Whether there is a port of this name; without one, the name may be mistyped. */
async function isKnown(port: string): Promise<boolean> {
  if (existsSync(port)) return true;
  // Where ports cannot be listed, the monitor reports that itself.
  const listed = await listSerialPorts().catch(() => undefined);
  return listed === undefined || listed.some((other) => isCalled(other, port));
}

function logExists(log: string): StarmindError {
  return new StarmindError(
    'monitor.log',
    exitCodes.input,
    `${log} exists already, and is not written over.`,
    'Name another file, or move that one away.',
  );
}

/**
 * Prints the board's output on standard output, and its events on standard error.
 *
 * @param hint for a user who waits for a board that has not appeared yet
 */
function print(
  session: LiveSession,
  stdout: PatientOutput,
  output: Output,
  { raw, json, timestamps }: MonitorOptions,
  hint: string | undefined,
): () => void {
  const printer = new MonitorPrinter({ json, timestamps }, stdout.write);
  const ends = [
    session.onItem((item) => {
      if (item.kind === 'note') {
        printer.endLine();
        const { state } = session.link;
        const isAwaited = state.status === 'searching' && !state.lost;
        output.note(isAwaited && hint ? `${item.text} ${hint}` : item.text);
      } else if (!raw) {
        printer.put(item);
      }
    }),
  ];
  if (raw) ends.push(session.link.onData(stdout.write));
  return () => {
    for (const end of ends) end();
    printer.endLine();
  };
}

/** Sends the board each line of standard input. */
function sendTypedLines(session: LiveSession, output: Output): () => void {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    try {
      session.send(Buffer.from(`${line}\n`));
    } catch (error) {
      if (!(error instanceof StarmindError)) throw error;
      output.note(`${error.message} ${error.remedy}`);
    }
  });
  return () => {
    lines.close();
    // An open input would keep the program running.
    process.stdin.destroy();
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
