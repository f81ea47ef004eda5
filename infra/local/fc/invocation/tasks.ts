import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { savedIn, saveJson } from '../../data/saved-json';

/** Docs: "Asynchronous tasks": the state of a task can be queried for 7 days; so long its id is taken. */
const KEPT_MS = 7 * 86_400_000;
/** Docs: "InvokeFunction", of the stateful asynchronous invocation id. */
export const TASK_ID = /^[A-Za-z_][\w-]{0,127}$/;

/** Docs: "AsyncTask". */
export type TaskStatus =
  | 'Enqueued'
  | 'Running'
  | 'Retrying'
  | 'Succeeded'
  | 'Failed'
  | 'Expired'
  | 'Invalid'
  | 'Stopped';

/** An invocation of a function in task mode. Times are ms. */
export type Task = {
  functionName: string;
  taskId: string;
  requestId: string;
  /** base64 */
  payload: string;
  /** when it came in */
  at: number;
  status: TaskStatus;
  startedTime?: number;
  endTime?: number;
  retries: number;
  /** the kind of the last failure */
  error?: string;
  events: { status: TaskStatus; timestamp: number; eventDetail?: string }[];
};

type TaskName = Pick<Task, 'functionName' | 'taskId'>;
type Progress = { status: TaskStatus; error?: string };

export type Tasks = {
  /** Whether the id is new to the function; durable when the promise resolves. */
  claim(task: TaskName & Pick<Task, 'requestId' | 'payload'>): Promise<boolean>;
  find(functionName: string, taskId: string): Task | undefined;
  /** Those of a function, oldest first. */
  of(functionName: string): Task[];
  /** Nothing where there is no such task. */
  note(task: TaskName, progress: Progress): Promise<void>;
  /** Forgets those older than seven days. */
  tick(): Promise<void>;
};

/** The tasks of functions in task mode, a file each in `folder`. */
export async function createTasks(folder: string, now: () => number): Promise<Tasks> {
  const known = await savedTasks(folder);
  const isKept = (task: Task | undefined) => task !== undefined && now() - task.at < KEPT_MS;
  const fileOf = (name: string) => join(folder, `${name}.json`);

  // One after the other: a task that is saved while it is removed must not come back.
  let lastWrite: Promise<unknown> = Promise.resolve();
  function inOrder(write: () => Promise<void>): Promise<void> {
    const written = lastWrite.then(write);
    lastWrite = written.catch(() => undefined);
    return written;
  }

  function save(task: Task): Promise<void> {
    known.set(nameOf(task), task);
    return inOrder(() => saveJson(fileOf(nameOf(task)), task));
  }

  async function claim(task: Parameters<Tasks['claim']>[0]): Promise<boolean> {
    if (isKept(known.get(nameOf(task)))) return false;
    known.delete(nameOf(task));
    const status = 'Enqueued';
    await save({ ...task, at: now(), status, retries: 0, events: [{ status, timestamp: now() }] });
    return true;
  }

  async function note(name: TaskName, progress: Progress): Promise<void> {
    const task = known.get(nameOf(name));
    if (task) await save(advanced(task, progress, now()));
  }

  async function tick(): Promise<void> {
    for (const [name, task] of known) {
      if (isKept(task)) continue;
      known.delete(name);
      await inOrder(() => rm(fileOf(name), { force: true }));
    }
  }

  const find = (functionName: string, taskId: string) => known.get(nameOf({ functionName, taskId }));
  const of = (name: string) => [...known.values()].filter(({ functionName }) => functionName === name);
  return { claim, find, of, note, tick };
}

function advanced(task: Task, { status, error }: Progress, timestamp: number): Task {
  const hasEnded = status !== 'Running' && status !== 'Retrying';
  return {
    ...task,
    status,
    ...(status === 'Running' && { startedTime: task.startedTime ?? timestamp }),
    ...(status === 'Retrying' && { retries: task.retries + 1 }),
    ...(hasEnded && { endTime: timestamp }),
    ...(error !== undefined && { error }),
    events: [...task.events, { status, timestamp, ...(error !== undefined && { eventDetail: error }) }],
  };
}

async function savedTasks(folder: string): Promise<Map<string, Task>> {
  const tasks = [...(await savedIn<Task>(folder)).values()].filter((task) => task.events);
  return new Map(tasks.sort((a, b) => a.at - b.at).map((task) => [nameOf(task), task]));
}

function nameOf({ functionName, taskId }: TaskName): string {
  return createHash('sha256').update(`${functionName}/${taskId}`).digest('hex');
}
