/** Exit codes of the command line; part of its contract. */
export const exitCodes = {
  ok: 0,
  input: 1,
  usage: 2,
  toolMissing: 3,
  board: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * An error a user can act on: a stable code, the fault and its place, and the remedy. Every other
 * thrown error is a bug of the program.
 */
export class StarmindError extends Error {
  /** A shell command, where the remedy has one; the text of the remedy contains it as well. */
  readonly command: string | undefined;

  constructor(
    /** Stable identifier, for example `data.empty`. */
    readonly code: string,
    readonly exitCode: ExitCode,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions & { command?: string | undefined },
  ) {
    super(message, options);
    this.name = 'StarmindError';
    this.command = options?.command;
  }
}

/** The user asked to stop; the results so far are kept. */
export function interrupted(what: string, remedy: string): StarmindError {
  return new StarmindError(
    'interrupted',
    exitCodes.interrupted,
    `${what} was interrupted.`,
    remedy,
  );
}
