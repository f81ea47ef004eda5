import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, saveJson } from '../ram/saved-json';

/** Docs: "Asynchronous tasks"; a task id is known as long as its task's state can be queried. */
const KEPT_MS = 7 * 86_400_000;
/** Docs: "InvokeFunction", of the stateful asynchronous invocation id. */
export const TASK_ID = /^[A-Za-z_][\w-]{0,127}$/;

type Task = { functionName: string; taskId: string; at: number };

export type Tasks = {
  /** Whether the id is new to the function; durable when the promise resolves. */
  claim(functionName: string, taskId: string): Promise<boolean>;
  /** Forgets those older than seven days. */
  tick(): Promise<void>;
};

/** The task ids that functions in task mode have taken, a file each. */
export async function openTasks(folder: string, now: () => number): Promise<Tasks> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = new Map<string, number>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json'))) {
    const task = await readJson<Task>(join(folder, file));
    if (task) known.set(nameOf(task), task.at);
  }

  async function claim(functionName: string, taskId: string): Promise<boolean> {
    const task = { functionName, taskId, at: now() };
    const name = nameOf(task);
    if (now() - (known.get(name) ?? Number.NEGATIVE_INFINITY) < KEPT_MS) return false;
    known.set(name, task.at);
    await saveJson(join(folder, `${name}.json`), task);
    return true;
  }

  async function tick(): Promise<void> {
    for (const [name, at] of known) {
      if (now() - at < KEPT_MS) continue;
      known.delete(name);
      await rm(join(folder, `${name}.json`), { force: true });
    }
  }

  return { claim, tick };
}

function nameOf({ functionName, taskId }: Task): string {
  return createHash('sha256').update(`${functionName}/${taskId}`).digest('hex');
}
