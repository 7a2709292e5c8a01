import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/**
 * A process, so that another process, or one after a restart, can find out whether it still runs.
 * Fields are undefined where the system does not tell them.
 */
export interface ProcessIdentity {
  pid: number;
  /** Name of the computer or container. */
  host: string;
  /** Identity of the installed system: names of computers repeat. */
  machine?: string | undefined;
  /** Start of the system that the process runs on: a computer and all its containers share it. */
  boot?: string | undefined;
  /** Space of process ids: a container has its own. */
  pidSpace?: string | undefined;
  /** Start time of the process in the system's own count: ids are reused. */
  start?: string | undefined;
  /** Milliseconds since the epoch at which the process was certainly running. */
  since: number;
}

/** `hidden`: it runs, or ran, on another computer or in another container. */
export type Sight = 'running' | 'gone' | 'hidden';

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return { pid, ...system(), start: statusOf(pid)?.start, since: Date.now() };
}

/** Looks whether a process still runs. */
export function sightOf(found: ProcessIdentity): Sight {
  const { pid, start, since } = found;
  const here = system();
  const { machine = here.machine } = found;
  const isOfThisSystem = found.host === here.host && machine === here.machine;
  if (found.boot !== here.boot) return isOfThisSystem ? 'gone' : 'hidden';
  // The name of a computer may change while it runs: the start of the system says more.
  if (found.boot === undefined && !isOfThisSystem) return 'hidden';
  if (found.pidSpace !== here.pidSpace) return 'hidden';
  // Without a start time, the wall clock is the only sign of a restart of the computer.
  if (start === undefined && since < Date.now() - uptime() * 1000) return 'gone';
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user runs as well.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const status = statusOf(pid);
  if (status?.hasEnded) return 'gone';
  return start === undefined || status?.start === start ? 'running' : 'gone';
}

/** What the processes here have in common. */
export function system(): Pick<ProcessIdentity, 'host' | 'machine' | 'boot' | 'pidSpace'> {
  return {
    host: hostname(),
    machine: told(() => readFileSync('/etc/machine-id', 'utf8').trim()),
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidSpace: told(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** What /proc/PID/stat says. */
function statusOf(pid: number): { hasEnded: boolean; start: string | undefined } | undefined {
  const text = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  // The name of the program, in parentheses, may hold anything. Field 3 follows it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended, and waits for its parent to ask how.
  return { hasEnded: ['Z', 'X'].includes(fields[0] ?? ''), start: fields[19] };
}

function told(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
