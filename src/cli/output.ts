import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { exitCodes, type StarmindError } from '../node/starmind-error';
import type { Problem } from '../core/problem';
import { describeProblem } from '../node/run/folder';
import { asTyped } from './as-typed';
import type { Follower } from './follower';
import { placeOf, problemOf, type Subject } from './place';

/** Set where VS Code runs a command as a task: its reader has commands of another kind. */
const editorVariable = 'STARMIND_EDITOR';

/** The next step after a training and a build there. */
export const buildAndFlash = `Starmind: Build & Flash, on the model.json (${process.platform === 'darwin' ? 'Cmd' : 'Ctrl'}+Alt+Enter).`;

/** Milliseconds between two progress lines about the same thing in a log. */
const logInterval = 2000;

/** Goes to the start of a terminal's line and empties it. */
const eraseLine = '\r\x1b[2K';

/**
 * Output of a command: text on standard output, or one JSON object there; progress always goes to
 * standard error, so that pipes carry results only.
 */
export class Output {
  private lineOpen = false;
  private lastLogged = -Infinity;
  private lastSubject: string | undefined;
  private about: Subject | undefined;

  /** @param follower shows on a terminal what this process, in the background, prints to a log */
  constructor(
    readonly json: boolean,
    readonly follower?: Follower,
  ) {}

  /** The command is a task of VS Code. */
  get isInEditor(): boolean {
    return Boolean(process.env[editorVariable]);
  }

  /** Prints a line of text; silent in JSON mode. */
  text(line = ''): void {
    if (this.json) return;
    this.endProgress();
    this.write('stdout', `${line}\n`);
  }

  /**
   * Prints the command that would come next.
   *
   * @param inEditor what a task of VS Code names instead; without it a task names nothing
   */
  next(command: string, inEditor?: string): void {
    if (!this.isInEditor) this.text(`Next: ${asTyped(command)}`);
    else if (inEditor !== undefined) this.text(`Next: ${inEditor}`);
  }

  /** Prints generated text piece by piece, without a line end. */
  stream(text: string): void {
    if (this.json) return;
    this.endProgress();
    this.write('stdout', text);
  }

  /** The result of the command, for programs. */
  result(value: object): void {
    this.endProgress();
    if (this.json) this.write('stdout', `${JSON.stringify(value)}\n`);
  }

  /** Replaces the progress line on a terminal; elsewhere progress is a log that moves slowly. */
  progress(line: string): void {
    this.follower?.progress(line);
    if (!process.stderr.isTTY) {
      const now = performance.now();
      const [subject] = line.split(' ');
      if (subject === this.lastSubject && now - this.lastLogged < logInterval) return;
      this.lastSubject = subject;
      this.lastLogged = now;
      process.stderr.write(`${line}\n`);
      return;
    }
    const width = process.stderr.columns ?? 80;
    process.stderr.write(`${eraseLine}${line.slice(0, width - 1)}`);
    this.lineOpen = true;
  }

  /** A line that stays, on standard error. */
  note(line: string): void {
    this.endProgress();
    this.write('stderr', `${line}\n`);
  }

  warning(line: string): void {
    this.note(pc.yellow(`warning: ${line}`));
  }

  /** Says which model.json the command is about: a task of VS Code lists problems by their place. */
  isAbout(subject: Subject): void {
    this.about = subject;
  }

  /** Warns of a finding in a model.json or its text. */
  problem(problem: Problem): void {
    if (!this.list(problem, 'warning')) this.warning(describeProblem(problem));
  }

  error(error: StarmindError): void {
    // Nothing is wrong with a model.json whose training was interrupted, or lacks a tool or a board.
    if (error.exitCode === exitCodes.input) {
      this.list(problemOf(error.code, `${error.message} ${error.remedy}`), 'error');
    }
    this.note(
      `${pc.red('error:')} ${error.message}\n${pc.bold('remedy:')} ${asTyped(error.remedy)} (${error.code})`,
    );
    if (this.json) {
      const { code, message } = error;
      const remedy = asTyped(error.remedy);
      this.write('stdout', `${JSON.stringify({ error: { code, message, remedy } })}\n`);
    }
  }

  /** Prints a line that the extension's problem matcher understands, in a task of VS Code. */
  private list(problem: Problem, severity: 'error' | 'warning'): boolean {
    if (!this.about || !this.isInEditor) return false;
    const message = describeProblem(problem).replaceAll(/\s+/g, ' ');
    this.note(`${placeOf(this.about, problem)}: ${severity}: ${message} (${problem.code})`);
    return true;
  }

  /** Prints what a process in the background has printed. */
  relay(stream: 'stdout' | 'stderr', text: string): void {
    this.endProgress();
    this.write(stream, text);
  }

  private write(stream: 'stdout' | 'stderr', text: string): void {
    this.follower?.tell({ kind: 'write', stream, text });
    // The follower's terminal may have colours; the log has none.
    process[stream].write(this.follower ? stripVTControlCharacters(text) : text);
  }

  private endProgress(): void {
    if (this.lineOpen) process.stderr.write(eraseLine);
    this.lineOpen = false;
  }
}

/** Rows of text in columns; the first column flush left, the others flush right. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
