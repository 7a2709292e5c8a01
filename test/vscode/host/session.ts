import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerFile, type SuiteEnd, type SuiteRecord } from '../results';
import { say } from './say';

/** One run of the suite: the folder that VS Code opens and the file of the suite's results. */
export interface Session {
  /** The repository: the extension under test. */
  root: string;
  /** Scratch space of this run. */
  scratch: string;
  /** A copy of the fixture, since the tests train in it. */
  workspace: string;
  /** The bundle whose run() VS Code calls. */
  suite: string;
  results: string;
}

/** Runs `body` with a fresh session, and deletes its files. */
export async function withSession<T>(
  root: string,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'starmind-vscode-'));
  try {
    const workspace = join(scratch, 'workspace');
    await cp(join(root, 'test', 'vscode', 'fixture'), workspace, { recursive: true });
    const suite = join(root, 'out', 'vscode-suite', 'index.js');
    const results = join(scratch, 'results.jsonl');
    await writeFile(results, '');
    return await body({ root, scratch, workspace, suite, results });
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Prints the suite's records as they arrive, until the last one.
 *
 * @param patience milliseconds without a record before this gives up
 */
export async function followSuite(
  { results }: Session,
  signal: AbortSignal,
  patience: number,
): Promise<SuiteEnd> {
  let shown = 0;
  let deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const lines = (await readFile(results, 'utf8')).split('\n').slice(shown, -1);
    for (const line of lines) {
      const record = JSON.parse(line) as SuiteRecord;
      say(describe(record));
      if (record.kind === 'end') return record;
    }
    shown += lines.length;
    if (lines.length > 0) deadline = Date.now() + patience;
    await sleep(200, undefined, { signal });
  }
  throw new Error(`The suite told nothing for ${patience / 1000} s.`);
}

/** Lets the suite end, and with it VS Code's extension host. */
export async function answerSuite({ results }: Session): Promise<void> {
  await writeFile(answerFile(results), '');
}

function describe(record: SuiteRecord): string {
  if (record.kind === 'end') {
    return `${record.passed} passed, ${record.failed} failed, ${record.skipped} skipped`;
  }
  const indent = '  '.repeat(record.depth + 1);
  switch (record.kind) {
    case 'suite':
      return indent + record.title;
    case 'pass':
      return `${indent}✔ ${record.title} (${record.ms} ms)`;
    case 'skip':
      return `${indent}- ${record.title}`;
    case 'fail':
      return `${indent}✘ ${record.title}\n${record.error.replace(/^/gm, `${indent}  `)}`;
  }
}

/** Keeps the counts where test/run.mjs adds them up. */
export async function writeResult(root: string, { passed, failed, skipped }: SuiteEnd) {
  const folder = join(root, 'out', 'vscode');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'result.json'), `${JSON.stringify({ passed, failed, skipped })}\n`);
}
