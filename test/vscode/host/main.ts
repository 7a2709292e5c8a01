import { runOnDesktop } from './desktop';
import { say } from './say';
import { runOnServer } from './server';
import { withSession, writeResult } from './session';

const targets = { desktop: runOnDesktop, server: runOnServer };
type Target = keyof typeof targets;

/** Runs the suite and resolves to the exit code. */
export async function main(root: string): Promise<number> {
  const { target, reason } = await chooseTarget();
  say(`VS Code: ${target} (${reason})`);
  const abort = new AbortController();
  // The first signal ends the child processes; the second has its usual effect.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => abort.abort(new Error(`Ended by ${signal}.`)));
  }
  return withSession(root, async (session) => {
    const end = await targets[target](session, abort.signal);
    await writeResult(root, end);
    return end.failed === 0 && end.passed > 0 ? 0 : 1;
  });
}

async function chooseTarget(): Promise<{ target: Target; reason: string }> {
  const forced = process.env.STARMIND_VSCODE;
  if (forced === 'desktop' || forced === 'server') {
    return { target: forced, reason: 'STARMIND_VSCODE says so' };
  }
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { target: 'server', reason: 'there is no display' };
  }
  if (process.platform === 'win32') {
    return { target: 'desktop', reason: 'the server is not for Windows' };
  }
  return (await canDownload())
    ? { target: 'desktop', reason: 'it can be downloaded' }
    : { target: 'server', reason: 'the desktop cannot be downloaded here' };
}

async function canDownload(): Promise<boolean> {
  try {
    const releases = 'https://update.code.visualstudio.com/api/releases/stable';
    const { ok } = await fetch(releases, { method: 'HEAD', signal: AbortSignal.timeout(5_000) });
    return ok;
  } catch {
    return false;
  }
}
