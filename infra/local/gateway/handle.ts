import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Call, effectOf, type Hook, type Hooks, type InjectedError } from './hooks';
import { Lost, Refusal } from './refusal';
import { type Reply, send } from './reply';

/** One request on its way in and its answer on its way out. */
export type Exchange = { request: IncomingMessage; response: ServerResponse };

/** What is known of a request so far, and after how many bytes of the answer's body the connection is to be lost. */
export type Progress = { call: Call; cutBodyAt?: number };

export type Handling = {
  hooks: Hooks;
  /** What is known of the request before it is read. */
  call: Call;
  /** Answers the request, and notes in `progress` what it turns out to be. */
  answer(progress: Progress): Promise<Reply>;
  /** The answer that an error is. Throws where there is to be none. */
  refuse(error: unknown): Reply;
};

/** Answers a request whole, cut, with an error or not at all; the hooks hear once that it is done. Never rejects. */
export async function handle({ request, response }: Exchange, handling: Handling): Promise<void> {
  const progress: Progress = { call: handling.call };
  const began = performance.now();
  const reply = await replyOf(handling, progress);
  const tell = onlyOnce(() => {
    const { status, code, versionId } = reply && response.headersSent ? reply : { status: 0 };
    const ms = Math.round(performance.now() - began);
    const named = { ...(code !== undefined && { code }), ...(versionId !== undefined && { versionId }) };
    handling.hooks.done?.(progress.call, { status, ...named, ms });
  });
  try {
    if (reply) await send(response, reply, { cutBodyAt: progress.cutBodyAt, beforeLast: tell });
    else request.socket.destroy();
  } catch {
    // Either the client has gone, or bytes are missing and the answer must be seen to be cut.
    request.socket.destroy();
  } finally {
    discardRest(request);
    await reply?.release?.();
  }
  tell();
}

/** Undefined where the connection is to be lost. */
async function replyOf({ answer, refuse }: Handling, progress: Progress): Promise<Reply | undefined> {
  try {
    return await answer(progress).catch((error) => {
      if (error instanceof Lost) throw error;
      return refuse(error);
    });
  } catch {
    return undefined;
  }
}

// What failed may have left off in the middle of the body: the next request comes behind it.
function discardRest(request: IncomingMessage): void {
  request.removeAllListeners('readable');
  request.resume();
}

function onlyOnce(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

/** The hooks, and the service's shape of an error that they ask for. */
export type Hooked = { hooks: Hooks; injected: (error: InjectedError) => Refusal };

/** Does an action as the hooks let it: with an error instead, lost before or after it, its answer cut. */
export async function hooked<T>(
  { hooks, injected }: Hooked,
  progress: Progress,
  action: () => Promise<T>,
): Promise<T> {
  const heed = async (hook: Hook | undefined) => {
    const { error, cutBodyAt } = await effectOf(hook, progress.call);
    if (cutBodyAt !== undefined) progress.cutBodyAt = cutBodyAt;
    return error && injected(error);
  };
  const before = await heed(hooks.before).catch((thrown) =>
    thrown instanceof Refusal ? thrown : lost(thrown),
  );
  if (before) throw before;
  const result = await action();
  const after = await heed(hooks.after).catch(lost);
  if (after) throw after;
  return result;
}

function lost(cause: unknown): never {
  throw new Lost('The connection is lost', { cause });
}
