import { Disposable, tasks, type Task, type TaskExecution } from 'vscode';

/** Runs a task and resolves to the exit code of its program; undefined when it was killed. */
export async function runToEnd(task: Task): Promise<number | undefined> {
  const ended: { execution: TaskExecution; exitCode?: number }[] = [];
  let check = () => {};
  const note = (end: (typeof ended)[number]) => {
    ended.push(end);
    check();
  };
  // Listen before the start: a program may end before executeTask returns its execution.
  const owned = Disposable.from(tasks.onDidEndTaskProcess(note), tasks.onDidEndTask(note));
  try {
    const execution = await tasks.executeTask(task);
    return await new Promise((resolve) => {
      check = () => {
        const end = ended.find((other) => other.execution === execution);
        if (end) resolve(end.exitCode);
      };
      check();
    });
  } finally {
    owned.dispose();
  }
}
